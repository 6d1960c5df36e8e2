// What the page knows of the desk: tickets, who has them, and what days came to.

import { computed, signal } from "@preact/signals";
import { read } from "./net";
import { Shelf } from "./shelf";
import type { Brief, CostModel, Page, Roster, Ticket } from "./types";

export const tickets = new Shelf<Ticket>();
export const roster = signal<Roster | undefined>(undefined);
export const briefs = signal<Brief[]>([]);
/** What vehicles cost, the newest version first; undefined until it is read. */
export const costs = signal<CostModel[] | undefined>(undefined);

/** Reads the tickets that are not closed, or all of one load. */
export async function readTickets(load = ""): Promise<void> {
  const query = load ? `load_id=${encodeURIComponent(load)}` : "state=live";
  tickets.put(...(await read<Page<Ticket>>(`/v1/tickets?${query}&limit=200`)).items);
}

/** Reads who of the desk answers for whom; for the desk. */
export async function readRoster(): Promise<void> {
  roster.value = await read<Roster>("/v1/desk/officers");
}

/** Reads what the last days came to; for the desk. */
export async function readBriefs(): Promise<void> {
  briefs.value = (await read<Page<Brief>>("/v1/desk/briefs?limit=14")).items;
}

/** Reads every version of what vehicles cost; for the desk. */
export async function readCosts(): Promise<void> {
  costs.value = (await read<{ models: CostModel[] }>("/v1/desk/costs")).models;
}

export const live = (ticket: Ticket): boolean => ticket.state !== "closed";

/** When a ticket wants somebody: what is late before all, what waits for the firm after all. */
export function urgency(ticket: Ticket): number {
  if (ticket.state === "done") return Number.MAX_SAFE_INTEGER;
  return Date.parse(ticket.late_at ?? ticket.due_at ?? "") - (ticket.late_at ? 1e15 : 0);
}

/** The live tickets of a load, the newest first. */
export function ticketsOf(load: string): Ticket[] {
  return tickets.list().filter((ticket) => ticket.load_id === load);
}

export const liveTickets = computed(() => [...tickets.rows.value.values()].filter(live).sort((a, b) => urgency(a) - urgency(b)));

export function forget(): void {
  tickets.clear();
  roster.value = undefined;
  briefs.value = [];
  costs.value = undefined;
}
