// Every page's behaviour. Each module listens once on the document, so that swapped-in parts need no wiring.
import "./rows.js";
import "./keys.js";
import "./dialog.js";
import "./toast.js";
import "./copy.js";
import "./clock.js";
import "./autosave.js";
import "./checked.js";

document.documentElement.classList.add("js");
