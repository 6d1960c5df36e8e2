import { useSignal } from "@preact/signals";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import { notes, read as ask } from "../logic/net";
import type { FoundPlace, Page } from "../logic/types";
import { datums, into, outOf, type Datum, type Spot } from "../map/datum";
import { words } from "../words/words";
import { GeoMap } from "./map";

/** About how far an arrow key moves the pin, in degrees; with the shift key ten times as far. */
const nudge = 0.001;

const noted = "pinhuo.datum";
const pause = 300;

/** The datum that degrees were last typed in on this device. */
function usual(): Datum {
  const last = notes.getItem(noted);
  return datums.find((datum) => datum === last) ?? "wgs84";
}

/** What lies at a point, with the units it belongs to; undefined while nobody knows. */
function useAbout(at: Spot): string | undefined {
  const about = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      ask<Page<FoundPlace>>(`/v1/places?${new URLSearchParams({ lat: String(at.lat), lng: String(at.lng), limit: "1" })}`, { signal: abort.signal }).then(
        ({ items: [town] }) => (about.value = town && [town.parent, town.full_name ?? town.name].filter(Boolean).join(" ")),
        () => (about.value = undefined), // the map shows it all the same
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [at.lat, at.lng]);
  return about.value;
}

const keys: Record<string, [number, number]> = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Asks for the exact place on a map: by touch or mouse, with the arrow keys, or by typed
 * degrees. It begins at the place that is known.
 */
export function PinDialog({ name, at, far, onPin, onClose }: {
  name: string;
  at: Spot;
  /** The place is only known to lie somewhere around. */
  far: boolean;
  onPin: (at: Spot) => void;
  onClose: () => void;
}) {
  const { place: say, common } = words();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const spot = useSignal(round(at));
  const typed = useSignal<string | undefined>(undefined);
  const datum = useSignal<Datum>(usual());
  const about = useAbout(spot.value);
  const shownAs = written(into(datum.value, spot.value));
  useEffect(() => dialog.current?.showModal(), []);
  const move = (to: Spot) => {
    spot.value = round(to);
    typed.value = undefined;
  };
  const shown = useMemo(() => ({ pin: { at, onMove: move, label: say.pin }, zoom: far ? 9 : 12 }), []);
  const bad = typed.value !== undefined && typed.value !== shownAs && !/^\s*-?[\d.]+[,，\s]+-?[\d.]+\s*$/.test(typed.value);
  const close = () => dialog.current?.close();
  const done = () => {
    onPin(spot.value);
    close();
  };
  const key = (event: KeyboardEvent) => {
    // The dialog may stand in a form, which Enter would send.
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      // Later: what else the key does must not meet the button that opened the dialog.
      if (!bad) setTimeout(done);
    }
    const step = keys[event.key];
    if (!step || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    const by = nudge * (event.shiftKey ? 10 : 1);
    move({ lat: spot.value.lat + step[0] * by, lng: spot.value.lng + step[1] * by });
  };
  const read = (text: string) => {
    typed.value = text;
    const [lat, lng] = text.split(/[,，\s]+/).filter(Boolean).map(Number);
    if (lat !== undefined && lng !== undefined && Math.abs(lat) <= 90 && Math.abs(lng) <= 180) spot.value = round(outOf(datum.value, { lat, lng }));
  };
  // What was typed stays and is read anew: who pastes degrees may say only then whose they are.
  const choose = (name: string) => {
    datum.value = datums.find((one) => one === name) ?? "wgs84";
    notes.setItem(noted, datum.value);
    if (typed.value !== undefined) read(typed.value);
  };
  return (
    <dialog ref={dialog} class="pin" aria-labelledby={id} onClose={onClose} onKeyDown={key} data-testid="pin-dialog">
      <h2 id={id}>{say.pinTitle(name)}</h2>
      <p class="soft">{far ? say.pinFar : say.pinNear}</p>
      <div class="pin-keys" tabIndex={0} role="application" aria-label={say.pinKeys} data-testid="pin-keys">
        <GeoMap shown={shown} label={say.pin} pin={spot.value} testid="pin-map" />
      </div>
      {/* The line is there before its words are, so that nothing moves under a thumb. */}
      <p class="soft" role="status" data-testid="pin-about">{about ? say.about(about) : "\u00a0"}</p>
      <div class="field">
        <label for={`${id}-datum`}>{say.datum}</label>
        <select id={`${id}-datum`} data-testid="pin-datum" value={datum.value} onChange={(event) => choose(event.currentTarget.value)}>
          {datums.map((one) => <option key={one} value={one}>{say.datums[one]}</option>)}
        </select>
      </div>
      <div class={`field ${bad ? "faulty" : ""}`}>
        <label for={`${id}-at`}>{say.degrees}</label>
        <input id={`${id}-at`} type="text" inputMode="text" autocomplete="off" data-testid="pin-at" aria-describedby={`${id}-keys`}
          {...(bad && { "aria-invalid": "true" as const })}
          value={typed.value ?? shownAs} onInput={(event) => read(event.currentTarget.value)} />
        <p class="hint" id={`${id}-keys`}>{say.pinKeys}</p>
      </div>
      <div class="row end">
        <button type="button" class="button" data-testid="pin-no" onClick={close}>{common.cancel}</button>
        <button type="button" class="button main" disabled={bad} data-testid="pin-yes" onClick={done}>{say.pinDone}</button>
      </div>
    </dialog>
  );
}

const round = ({ lat, lng }: Spot): Spot => ({ lat: Math.round(lat * 1e5) / 1e5, lng: Math.round(lng * 1e5) / 1e5 });

const written = ({ lat, lng }: Spot) => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
