import type { Fault } from "./types";

/** A fault whose text is ready to be shown beside the input it names. */
export interface Shown {
  field: string;
  text: string;
}

/**
 * Gives each fault the input it belongs to. The server names fields more finely than a
 * form has inputs (pickup.place.lat for a town) or more coarsely (size): a fault goes to
 * the input of that name, else to the one whose name it begins with, else to the first
 * whose name begins with it; what finds none stays without an input (""). In the
 * text the field's path gives way to the label that the person sees.
 */
export function assign(faults: Fault[], labels: ReadonlyMap<string, string>): Shown[] {
  const inputs = [...labels.keys()];
  return faults
    .filter((fault) => fault.detail || fault.field)
    .map((fault) => {
      const field = nearest(fault.field ?? "", inputs);
      const text = fault.detail ?? fault.problem ?? "";
      const label = labels.get(field);
      return { field, text: label && fault.field ? text.replaceAll(fault.field, label) : text };
    });
}

function nearest(field: string, inputs: readonly string[]): string {
  if (field === "" || inputs.includes(field)) return field;
  const above = inputs.filter((input) => under(field, input)).sort((a, b) => b.length - a.length);
  return above[0] ?? inputs.find((input) => under(input, field)) ?? "";
}

function under(path: string, parent: string): boolean {
  return path.startsWith(parent) && /^[.[_]/.test(path.slice(parent.length));
}
