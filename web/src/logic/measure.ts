import type { Stacking } from "./types";
import { decimal, scaledUp } from "./decimal";

/** One row of the pieces table as typed. */
export interface PieceDraft {
  count: string;
  length: string;
  width: string;
  height: string;
  kg: string;
  /** Where it differs from that of the load. */
  stacking?: Stacking;
}

export interface Totals {
  count: number;
  kg: number;
  litres: number;
  floor_m: number;
}

const deckMM = 2400;

/**
 * What the pieces come to, reckoned as the server does: whole millimetres and grams,
 * rounded up; floor metres are the footprint over a deck 2.4 m wide. Rows that are not
 * complete yet count for nothing.
 */
export function totals(pieces: PieceDraft[]): Totals {
  let count = 0, grams = 0, ml = 0, area = 0;
  for (const piece of pieces) {
    const n = decimal(piece.count) ?? 0;
    if (!Number.isInteger(n) || n < 1) continue;
    const [length, width, height] = [mm(piece.length), mm(piece.width), mm(piece.height)];
    count += n;
    grams += n * whole(piece.kg, 1000);
    ml += Math.ceil((n * length * width * height) / 1000);
    area += n * length * width;
  }
  return { count, kg: grams / 1000, litres: ml / 1000, floor_m: Math.ceil(area / deckMM) / 1000 };
}

function mm(text: string): number {
  return whole(text, 1000);
}

function whole(text: string, scale: number): number {
  const n = decimal(text);
  return n === undefined || Number.isNaN(n) || n < 0 ? 0 : scaledUp(n, scale);
}
