import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Shown } from "../logic/faults";
import { words } from "../words/words";

/** What every input of a form shares. */
export interface Input {
  /** The field's path in the request, such as "pickup.window.close". */
  path: string;
  label: string;
  faults: Shown[];
  hint?: string | undefined;
  optional?: boolean;
}

/** The texts of the faults of one field. */
export function faultsOf(faults: Shown[], path: string): string {
  return faults.filter((fault) => fault.field === path).map((fault) => fault.text).join(" ");
}

/** The attributes that tie an input to its label, hint and fault. */
export function tie(id: string, fault: string, hint: string | undefined) {
  const by = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return {
    id,
    ...(by && { "aria-describedby": by }),
    ...(fault && { "aria-invalid": "true" as const }),
  };
}

/** Label above, hint and fault below whatever input stands between. */
export function Frame({ id, label, fault, hint, optional, children }: {
  id: string;
  label: string;
  fault: string;
  hint?: string | undefined;
  optional?: boolean | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class={`field ${fault ? "faulty" : ""}`}>
      <label for={id}>
        {label}
        {optional && <span class="optional"> {words().common.optional}</span>}
      </label>
      {children}
      {fault && <p class="fault" id={`${id}-fault`}>{fault}</p>}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

/** An input of text, of a number as people type it, of a phone number or of a local time. */
export function Text({ path, label, faults, hint, optional, value, onValue, kind = "text", list, autocomplete = "off" }: Input & {
  value: string;
  onValue: (value: string) => void;
  kind?: "text" | "decimal" | "integer" | "tel" | "time" | "clock";
  list?: string;
  autocomplete?: string;
}) {
  const id = useId();
  const fault = faultsOf(faults, path);
  const modes = { text: "text", decimal: "decimal", integer: "numeric", tel: "tel", time: undefined, clock: undefined } as const;
  const mode = modes[kind];
  return (
    <Frame id={id} label={label} fault={fault} hint={hint} optional={optional}>
      <input
        {...tie(id, fault, hint)}
        type={kind === "time" ? "datetime-local" : kind === "clock" ? "time" : kind === "tel" ? "tel" : "text"}
        {...(mode && { inputMode: mode })}
        {...(list && { list })}
        name={path}
        data-testid={`in-${path}`}
        autocomplete={autocomplete}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

export function Select<T extends string>({ path, label, faults, hint, value, onValue, options }: Input & {
  value: T;
  onValue: (value: T) => void;
  options: readonly (readonly [T, string])[];
}) {
  const id = useId();
  const fault = faultsOf(faults, path);
  return (
    <Frame id={id} label={label} fault={fault} hint={hint}>
      <select
        {...tie(id, fault, hint)}
        name={path}
        data-testid={`in-${path}`}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value as T)}
      >
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
    </Frame>
  );
}

/** Several of a closed set, as boxes to tick. */
export function Ticks<T extends string>({ path, label, faults, value, onValue, options }: Input & {
  value: readonly T[];
  onValue: (value: T[]) => void;
  options: readonly (readonly [T, string])[];
}) {
  const fault = faultsOf(faults, path);
  const flip = (key: T) => onValue(value.includes(key) ? value.filter((one) => one !== key) : [...value, key]);
  return (
    <fieldset class={`ticks ${fault ? "faulty" : ""}`}>
      <legend>{label}</legend>
      <div class="row wrap">
        {options.map(([key, text]) => (
          <label key={key} class="tick">
            <input type="checkbox" name={path} data-testid={`in-${path}-${key}`} checked={value.includes(key)} onChange={() => flip(key)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
      {fault && <p class="fault">{fault}</p>}
    </fieldset>
  );
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ name, label, value, onValue, options }: {
  name: string;
  label: string;
  value: T;
  onValue: (value: T) => void;
  options: readonly (readonly [T, string])[];
}) {
  return (
    <fieldset class="segments">
      <legend class="unseen">{label}</legend>
      {options.map(([key, text]) => (
        <label key={key}>
          <input type="radio" name={name} data-testid={`in-${name}-${key}`} checked={value === key} onChange={() => onValue(key)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The faults that belong to no input, and how many there are in all. */
export function FaultSummary({ faults }: { faults: Shown[] }) {
  const loose = faults.filter((fault) => fault.field === "");
  return (
    <div role="alert" data-testid="fault-summary">
      {faults.length > 0 && (
        <div class="note bad">
          <p>{words().common.faults(faults.length)}</p>
          {loose.map((fault) => <p key={fault.text}>{fault.text}</p>)}
        </div>
      )}
    </div>
  );
}

/** The inputs of a form by name with their labels, in order, for giving each fault its input. */
export function inputsOf(form: HTMLFormElement | null): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const element of form?.elements ?? []) {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement)) continue;
    const label = element.labels?.[0]?.firstChild?.textContent ?? element.getAttribute("aria-label") ?? "";
    if (element.name && !inputs.has(element.name)) inputs.set(element.name, label.trim());
  }
  return inputs;
}

/** Moves the focus to the first input that has a fault, opening what hides it. */
export function focusFault(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    const input = form?.querySelector<HTMLElement>("[aria-invalid=true], .faulty input");
    const closed = input?.closest("details:not([open])");
    if (closed instanceof HTMLDetailsElement) closed.open = true;
    input?.focus();
    input?.scrollIntoView({ block: "center" });
  });
}
