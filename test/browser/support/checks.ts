/** Run in the page: what a screen reader would stumble over. */
export const OUTLINE = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const levels = all('h1,h2,h3,h4').map((heading) => Number(heading.tagName[1]));
  const ids = all('[id]').map(({ id }) => id);
  const named = (one) => one.labels?.length > 0 || one.getAttribute('aria-label') || one.textContent.trim() !== '';
  return {
    language: document.documentElement.lang,
    landmarks: [...document.body.children].map(({ tagName }) => tagName).filter((name) => !['A', 'SCRIPT'].includes(name)),
    skippedLevels: levels.filter((level, index) => index > 0 && level > levels[index - 1] + 1),
    tablesWithoutCaption: all('table').filter(({ caption }) => !caption || caption.textContent === '').length,
    unlabelled: all('select,input,button').filter((one) => !named(one)).map(({ outerHTML }) => outerHTML),
    doubledIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    deadLinks: all('a[href^="#"]').map((link) => link.getAttribute('href')).filter((href) => !document.getElementById(href.slice(1))),
    namelessImages: all('svg').filter((svg) => svg.getAttribute('aria-hidden') !== 'true' && !svg.getAttribute('aria-label')).length,
  };
})()`;

/** Run in the page: texts whose contrast with what is behind them is under 4.5. */
export const FAINT_TEXTS = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const part = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || !element.checkVisibility() || element.disabled) continue;
    if (['SCRIPT', 'STYLE', 'OPTION', 'TITLE'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const own = parse(element instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(own), light(ground(element))].sort((one, other) => other - one);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.add(element.tagName + ' ' + walker.currentNode.data.trim().slice(0, 40));
  }
  return [...faint];
})()`;
