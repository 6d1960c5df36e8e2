import { toLocal } from "./zone";

/** The months of pickups that a statement can be asked for: the next one, this one and the eleven before, newest first. */
export function months(now: number, zone: string): string[] {
  const [year = 0, month = 1] = toLocal(now, zone).split("-").map((part) => Number.parseInt(part, 10));
  return Array.from({ length: 13 }, (_, back) => new Date(Date.UTC(year, month - back, 1)).toISOString().slice(0, 7));
}

/** Where the server writes a month's statement for a spreadsheet. */
export const statementPath = (month: string): string => `/v1/statements/csv?month=${month}`;
