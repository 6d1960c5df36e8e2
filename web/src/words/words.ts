import { batch, signal } from "@preact/signals";
import { browserNotes } from "../logic/attempt";
import { zh } from "./zh";

/** Every text of the page; both languages have exactly these keys. */
export type Words = Widened<typeof zh>;

type Widened<T> = T extends string ? string : T extends (...args: infer A) => string ? (...args: A) => string
  : { [K in keyof T]: Widened<T[K]> };

export type Language = "zh-CN" | "en";

const noted = "pinhuo.language";
const notes = browserNotes();

/** The language in use. */
export const language = signal<Language>("zh-CN");

const table = signal<Words>(zh);

/** The language to begin with: Chinese unless chosen otherwise or the browser reads only English. */
export function first(): Language {
  const chosen = notes.getItem(noted);
  if (chosen === "zh-CN" || chosen === "en") return chosen;
  const reads = navigator.languages.map((tag) => tag.toLowerCase());
  return reads.some((tag) => tag.startsWith("zh")) || !reads.some((tag) => tag.startsWith("en")) ? "zh-CN" : "en";
}

/** Shows the page in a language; English is fetched when first asked for. */
export async function use(next: Language): Promise<void> {
  const texts = next === "en" ? (await import("./en")).en : zh;
  batch(() => {
    language.value = next;
    table.value = texts;
  });
}

/** Switches the language and remembers it. */
export async function choose(next: Language): Promise<void> {
  await use(next);
  notes.setItem(noted, next);
}

/** The texts in the present language; reading it in a component follows the switch. */
export function words(): Words {
  return table.value;
}

/** The text under a key that came from the server, or the key itself when unknown. */
export function word(texts: Record<string, string>, key: string | undefined): string {
  return key === undefined ? "" : texts[key] ?? key;
}
