// `node write_good_seconds.cjs texts.json folder`, where the folder has write-good installed: the seconds it takes
const fs = require("fs");
const { createRequire } = require("module");
const writeGood = createRequire(`${process.argv[3]}/`)("write-good");

const texts = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));

function seconds(some) {
  const began = process.cpuUsage();
  for (const text of some) writeGood(text);
  const used = process.cpuUsage(began);
  return (used.user + used.system) / 1e6;
}

seconds(texts.slice(0, 5));
console.log(Math.min(seconds(texts), seconds(texts)));
