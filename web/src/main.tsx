import { render } from "preact";
import { App } from "./app";
import { takeLink } from "./logic/link";
import { begin, live } from "./logic/market";
import { listen } from "./logic/router";
import { first, use } from "./words/words";

const link = takeLink();
listen();
live();
if (!link) void begin();

// Without the other language the page still works in Chinese.
await use(first()).catch(() => undefined);
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<App link={link} />, root);
}
