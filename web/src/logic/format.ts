// Figures and times as people read them, in the page's language and the market's zone.

import { signal } from "@preact/signals";
import { language, words } from "../words/words";
import { daysBetween, toLocal } from "./zone";
import type { Room, Window } from "./types";

/** The IANA zone of the market; every time on the page is shown in it. */
export const zone = signal("Asia/Shanghai");

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${language.value}${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new Intl.NumberFormat(language.value, options));
  return cache.get(key) as Intl.NumberFormat;
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${language.value}${zone.value}${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(language.value, { ...options, timeZone: zone.value }));
  return cache.get(key) as Intl.DateTimeFormat;
}

/** A plain number with at most the given decimals. */
export function number(n: number, decimals = 0): string {
  return numberFormat({ maximumFractionDigits: decimals }).format(n);
}

/** Fen as yuan; decimals only where there are any. */
export function money(fen: number): string {
  const digits = fen % 100 === 0 ? 0 : 2;
  return "¥" + numberFormat({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(fen / 100);
}

export function percent(part: number, whole: number): string {
  return numberFormat({ style: "percent", maximumFractionDigits: 0 }).format(whole > 0 ? part / whole : 0);
}

export function km(metres: number): string {
  return words().units.km(number(metres / 1000, metres < 10_000 ? 1 : 0));
}

/** A span of time in its two largest units. */
export function span(seconds: number): string {
  const { units } = words();
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes < 60) return units.minutes(minutes);
  if (minutes < 48 * 60) return units.hours(Math.floor(minutes / 60), minutes % 60);
  return units.days(Math.floor(minutes / 1440), Math.round((minutes % 1440) / 60));
}

/** Time left as a clock: 4:05 or 1:02:03. */
export function countdown(ms: number): string {
  const all = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function weight(kg: number): string {
  const { units } = words();
  return kg >= 10_000 ? units.tonnes(number(kg / 1000, 1)) : units.kg(number(kg, kg < 10 ? 1 : 0));
}

export function volume(litres: number): string {
  return words().units.m3(number(litres / 1000, litres < 10_000 ? 2 : 1));
}

/** Weight, volume and floor in one line. */
export function room(r: Partial<Room>): string {
  const parts = [weight(r.kg ?? 0)];
  if (r.litres) parts.push(volume(r.litres));
  if (r.floor_m) parts.push(words().units.floorShort(number(r.floor_m, 2)));
  return parts.join(" · ");
}

/** An amount in the unit that an explanation names: m, s, g, ml, mm, fen, stops. */
export function amount(by: number, unit: string | undefined): string {
  const { units } = words();
  switch (unit) {
    case "m":
      return by < 1000 ? units.m(number(by)) : km(by);
    case "s":
      return by < 60 ? units.seconds(by) : span(by);
    case "g":
      return by < 1000 ? units.grams(number(by)) : weight(by / 1000);
    case "ml":
      return by < 1_000_000 ? units.litres(number(by / 1000, 1)) : volume(by / 1000);
    case "mm":
      return by < 1000 ? units.mm(number(by)) : units.m(number(by / 1000, 2));
    case "fen":
      return money(by);
    case "stops":
      return units.stops(by);
    case "loads":
      return units.loads(by);
    case "g/m":
      return units.perMetre(number(by / 1000));
    case "°C":
      return `${number(by)} °C`;
    default:
      return by ? number(by) : "";
  }
}

function clock(ms: number): string {
  return toLocal(ms, zone.value).slice(11);
}

function dayName(ms: number, now: number): string {
  const { common } = words();
  const days = daysBetween(toLocal(now, zone.value), toLocal(ms, zone.value));
  if (days === 0) return common.today;
  if (days === 1) return common.tomorrow;
  if (days === -1) return common.yesterday;
  return dateFormat({ month: "short", day: "numeric" }).format(ms);
}

/** An instant as day and time: "今天 08:00". now is the server's. */
export function when(time: string | undefined, now: number): string {
  const ms = Date.parse(time ?? "");
  return Number.isNaN(ms) ? "" : `${dayName(ms, now)} ${clock(ms)}`;
}

/** A window, the day named once where both ends share it. */
export function between(window: Window | undefined, now: number): string {
  if (!window) return "";
  const [open, close] = [Date.parse(window.open), Date.parse(window.close)];
  if (Number.isNaN(open) || Number.isNaN(close)) return "";
  if (open === close) return when(window.open, now);
  const sameDay = toLocal(open, zone.value).slice(0, 10) === toLocal(close, zone.value).slice(0, 10);
  return sameDay ? `${when(window.open, now)}–${clock(close)}` : `${when(window.open, now)} – ${when(window.close, now)}`;
}

/** The zone as people call it: "中国标准时间", "China Standard Time". */
export function zoneName(): string {
  const parts = dateFormat({ timeZoneName: "long" }).formatToParts(0);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone.value;
}
