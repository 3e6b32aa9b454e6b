"""What a browser finds wrong with a page: axe's findings, sideways scroll, targets too small to hit."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = {"serious", "critical"}
POINTER, FINGER = 24, 44

SMALL_TARGETS = """(least) => {
  const inside = ".sr, .ladder, .chart, .chip, .option, .check, [hidden]";
  const found = [];
  for (const element of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    if (element.closest(inside) || element.matches(".skip, .row-link")) continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!box.width || (element.tagName === "A" && style.display === "inline")) continue;
    if (box.height < least - 0.5 || box.width < least - 0.5) {
      const words = element.textContent.trim().slice(0, 20) || element.name || element.className;
      found.push(`${words} ${Math.round(box.width)}x${Math.round(box.height)}`);
    }
  }
  return found;
}"""


def findings(page: Page, *, in_the_dark: bool = False) -> list[str]:
    """Serious and critical findings of axe, each with its first place. In the dark only colours differ."""
    options = {"runOnly": ["color-contrast"]} if in_the_dark else RULES
    violations = AXE.run(page, options=options).response["violations"]
    return [
        f"{rule['id']} x{len(rule['nodes'])}: {rule['nodes'][0]['html'][:160]}"
        for rule in violations
        if rule["impact"] in GRAVE
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def small_targets(page: Page, width: int) -> list[str]:
    return list(page.evaluate(SMALL_TARGETS, FINGER if width < 768 else POINTER))


def opened(page: Page, heading: str) -> None:
    """The page with this heading is there and its keys are live: the scripts load after the words."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.wait_for_load_state("load")
