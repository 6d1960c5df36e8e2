// Wall-clock times of the market's zone and back. The browser's own zone never enters:
// an `<input type="datetime-local">` holds a wall clock without a zone, and this file
// alone says which instant it means.

const formats = new Map<string, Intl.DateTimeFormat>();

function wallFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** The zone's wall clock at the instant, counted as if it were UTC (milliseconds). */
function wall(ms: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of wallFormat(zone).formatToParts(ms)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Milliseconds by which the zone is ahead of UTC at the instant. */
export function offset(ms: number, zone: string): number {
  return wall(ms, zone) - Math.floor(ms / 1000) * 1000;
}

const day = 86_400_000;
const pattern = /^(\d{4,6})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?/;

/**
 * The instant (ms) that a `datetime-local` value means in the zone, or undefined when it
 * is no date. An hour that occurs twice means the first; one that is skipped moves
 * forward by what was skipped.
 */
export function fromLocal(local: string, zone: string): number | undefined {
  const m = pattern.exec(local);
  if (!m) return undefined;
  const [year, month, date, hour, minute, second] = m.slice(1).map((n) => Number(n ?? 0)) as [
    number, number, number, number, number, number,
  ];
  const want = Date.UTC(year, month - 1, date, hour, minute, second || 0);
  const real = new Date(want);
  if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== date || real.getUTCHours() !== hour || minute > 59) return undefined;
  const before = want - offset(want - day, zone);
  const after = want - offset(want + day, zone);
  const exact = [before, after].filter((ms) => wall(ms, zone) === want);
  return exact.length > 0 ? Math.min(...exact) : before;
}

/** The `datetime-local` value ("2026-07-20T08:00") of an instant in the zone. */
export function toLocal(ms: number, zone: string): string {
  return new Date(wall(ms, zone)).toISOString().slice(0, 16);
}

/** RFC 3339 in the zone, for example "2026-07-20T08:00:00+08:00". */
export function toRFC3339(ms: number, zone: string): string {
  const ahead = Math.round(offset(ms, zone) / 60_000);
  const text = new Date(wall(ms, zone)).toISOString().slice(0, 19);
  if (ahead === 0) return text + "Z";
  const two = (n: number) => String(n).padStart(2, "0");
  const size = Math.abs(ahead);
  return `${text}${ahead < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The wall date of a `datetime-local` value moved by whole days, with another time of day. */
export function onDay(local: string, days: number, time: string): string {
  const date = new Date(Date.parse(local.slice(0, 10) + "T00:00:00Z") + days * day);
  return `${date.toISOString().slice(0, 10)}T${time}`;
}

/** Whole calendar days from wall date a to wall date b. */
export function daysBetween(a: string, b: string): number {
  return Math.round((Date.parse(b.slice(0, 10)) - Date.parse(a.slice(0, 10))) / day);
}
