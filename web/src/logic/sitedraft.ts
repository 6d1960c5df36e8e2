import type { Words } from "../words/words";
import { Reading, type PlaceDraft } from "./loaddraft";
import type { Shown } from "./faults";
import type { Site, SiteTerms } from "./types";

/** A place of one's own as it stands in the form. */
export interface SiteDraft {
  name: string;
  place: PlaceDraft;
  address: string;
  contact: string;
  phone: string;
  opens: string;
  shuts: string;
  note: string;
}

export const blankSite: SiteDraft = { name: "", place: { text: "" }, address: "", contact: "", phone: "", opens: "", shuts: "", note: "" };

export function siteDraft({ name, place, contact, opens, shuts, note }: Site): SiteDraft {
  return {
    name,
    place: { text: place.town, town: place.town, lat: place.lat, lng: place.lng },
    address: place.address ?? "",
    contact: contact?.name ?? "",
    phone: contact?.phone ?? "",
    opens: opens ?? "",
    shuts: shuts ?? "",
    note: note ?? "",
  };
}

/** Reads the form: the terms to send, or what has to be mended first. */
export function siteTerms(draft: SiteDraft, zone: string, say: Words["common"]): { terms: SiteTerms; faults: Shown[] } {
  const form = new Reading(zone, say);
  const terms: SiteTerms = { name: form.text("name", draft.name), place: form.place("place", draft.place) };
  if (draft.address.trim()) terms.place.address = draft.address.trim();
  const [name, phone] = [draft.contact.trim(), draft.phone.trim()];
  if (name || phone) terms.contact = { ...(name && { name }), ...(phone && { phone }) };
  if (Boolean(draft.opens) !== Boolean(draft.shuts)) form.fault(draft.opens ? "shuts" : "opens", say.required);
  if (draft.opens && draft.shuts) Object.assign(terms, { opens: draft.opens, shuts: draft.shuts });
  if (draft.note.trim()) terms.note = draft.note.trim();
  return { terms, faults: form.faults };
}
