// What of the page that is shown now would keep a person from using it: an input without
// a name, text too faint or too small, what lies beyond the edge of the window, what moves
// though the person wants it still.
(() => {
  const found = [];
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const called = (e) => `<${e.tagName.toLowerCase()}${e.dataset.testid ? ` ${e.dataset.testid}` : e.className ? ` .${e.className}` : ""}>`;
  const unseen = (e) => e.closest(".unseen, [aria-hidden=true]") !== null;
  const words = (ids) => (ids ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();

  const name = (e) => e.getAttribute("aria-label") || words(e.getAttribute("aria-labelledby")) ||
    [...(e.labels ?? [])].map((label) => label.textContent).join(" ").trim() || (e.matches("input, select, textarea") ? "" : e.textContent.trim());
  for (const e of document.querySelectorAll("input, select, textarea, button, a[href], dialog[open], nav, summary")) {
    if (shown(e) && !name(e)) found.push(`${called(e)} has no name`);
  }
  for (const id of [...document.querySelectorAll("[id]")].map((e) => e.id)) {
    if (document.querySelectorAll(`[id="${CSS.escape(id)}"]`).length > 1) found.push(`two elements are #${id}`);
  }
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  if ([...document.querySelectorAll("h1")].filter(shown).length === 0) found.push("no heading");

  // The canvas turns any colour that a stylesheet may name into red, green, blue, alpha.
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const ground = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const layer = rgba(getComputedStyle(at).backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    return layers.reverse().reduce((below, layer) => over(layer, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (text, back) => {
    const [a, b] = [light(over(text, back)), light(back)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const seen = new Set();
  let texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement;
    if (!node.textContent.trim() || !e || !shown(e) || unseen(e) || e.closest("script, style, noscript, :disabled, [aria-disabled=true], .leaflet-container")) continue;
    texts++;
    const style = getComputedStyle(e);
    const px = parseFloat(style.fontSize);
    const large = px >= 24 || (px >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(rgba(style.color), ground(e));
    const key = `${called(e)} ${style.color} ${px}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (ratio < (large ? 3 : 4.5)) found.push(`${called(e)} "${node.textContent.trim().slice(0, 20)}": contrast ${ratio.toFixed(2)}`);
    if (px < 12) found.push(`${called(e)} "${node.textContent.trim().slice(0, 20)}": ${px} px`);
  }
  if (texts < 10) found.push(`only ${texts} texts are shown: nothing was looked at`);

  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("main *")].filter((e) => shown(e) && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, .unseen"));
    found.push(`the page is ${document.documentElement.scrollWidth} px wide in ${innerWidth}: ${wide.slice(0, 3).map(called).join(", ")}`);
  }
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    for (const moving of document.getAnimations()) if (moving.playState === "running") found.push(`${called(moving.effect.target)} moves`);
  }
  return found;
})();
