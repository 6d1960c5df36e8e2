// Pieces out of a spreadsheet or a chat: one line a kind of piece.

import type { PieceDraft } from "./measure";

const number = /(\d+(?:\.\d+)?)\s*(毫米|厘米|公斤|千克|米|件|箱|托|个|包|卷|桶|台|斤|吨|mm|cm|kg|pcs?|ctns?|t|m)?(?![a-z\d])/giu;
const counts = /^(件|箱|托|个|包|卷|桶|台|pcs?|ctns?)$/i;
const metres: Record<string, number> = { mm: 0.001, 毫米: 0.001, cm: 0.01, 厘米: 0.01, m: 1, 米: 1 };
const kilograms: Record<string, number> = { kg: 1, 公斤: 1, 千克: 1, 斤: 0.5, t: 1000, 吨: 1000 };

interface Amount {
  n: number;
  unit: string;
}

/** What was read, and how many lines with figures in them were not understood. */
export interface Pasted {
  pieces: PieceDraft[];
  unread: number;
}

/**
 * Reads lines of count, length, width, height and, where it is given, the weight of one
 * piece, parted by tabs, spaces, commas or signs of multiplication. A unit that is written
 * counts; lengths without one are millimetres, centimetres or metres by their size. Lines
 * without figures, such as a heading, are passed over.
 */
export function piecesOf(text: string): Pasted {
  const read: Pasted = { pieces: [], unread: 0 };
  for (const line of text.normalize("NFKC").split(/\r?\n/)) {
    const amounts = amountsOf(line);
    if (amounts.length === 0) continue;
    const piece = pieceOf(amounts);
    if (piece) read.pieces.push(piece);
    else read.unread++;
  }
  return read;
}

function amountsOf(line: string): Amount[] {
  const parted = line.replace(/(\d),(?=\d{3}(\D|$))/g, "$1").replace(/(\d\s*(?:mm|cm|m|毫米|厘米|米)?)\s*[×*x✕]\s*(?=\d)/gi, "$1 ");
  return [...parted.matchAll(number)].map(([, digits, unit = ""]) => ({ n: Number(digits), unit: unit.toLowerCase() }));
}

function pieceOf(amounts: Amount[]): PieceDraft | undefined {
  const rest = [...amounts];
  const pull = (fits: (one: Amount) => boolean): Amount | undefined => {
    const at = rest.findIndex(fits);
    return at < 0 ? undefined : rest.splice(at, 1)[0];
  };
  const weight = pull(({ unit }) => unit in kilograms);
  const count = pull(({ unit }) => counts.test(unit)) ?? pull(({ unit }) => unit === "");
  const sides = rest.splice(0, 3);
  const each = weight ?? rest.shift();
  if (!count || !Number.isInteger(count.n) || count.n < 1 || sides.length < 3 || sides.some(({ n, unit }) => n <= 0 || (unit !== "" && !(unit in metres)))) return undefined;
  const scale = metres[sides.find(({ unit }) => unit)?.unit ?? ""] ?? guessed(Math.max(...sides.map(({ n }) => n)));
  const [length = "", width = "", height = ""] = sides.map(({ n, unit }) => short(n * (metres[unit] ?? scale)));
  return { count: String(count.n), length, width, height, kg: each ? short(each.n * (kilograms[each.unit] ?? 1)) : "" };
}

const guessed = (longest: number): number => (longest >= 300 ? 0.001 : longest > 20 ? 0.01 : 1);
const short = (n: number): string => String(Math.round(n * 1000) / 1000);
