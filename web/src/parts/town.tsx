import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import type { PlaceDraft } from "../logic/loaddraft";
import { notes, read } from "../logic/net";
import { me } from "../logic/market";
import type { FoundPlace, Page, Site } from "../logic/types";
import { words } from "../words/words";
import { faultsOf, Frame, tie, type Input } from "./field";
import { PinDialog } from "./pin";

const noted = "pinhuo.places";
const shownAtMost = 8;
const pause = 150;

/** The places chosen lately on this device. */
function recent(): FoundPlace[] {
  try {
    return JSON.parse(notes.getItem(noted) ?? "[]") as FoundPlace[];
  } catch {
    return [];
  }
}

function remember(place: FoundPlace): void {
  const others = recent().filter((one) => one.id !== place.id);
  notes.setItem(noted, JSON.stringify([place, ...others].slice(0, shownAtMost)));
}

function matches(place: FoundPlace, text: string): boolean {
  const typed = text.trim().toLowerCase();
  return (place.full_name ?? place.name).includes(typed) || (place.latin ?? "").toLowerCase().startsWith(typed);
}

/** Where the person is likely to mean: where the last place was, else the middle of the market. */
function home(): { lat: number; lng: number } | undefined {
  const last = recent()[0];
  if (last) return last;
  const box = me.peek()?.market.box;
  return box && box.east - box.west < 30 ? { lat: (box.south + box.north) / 2, lng: (box.west + box.east) / 2 } : undefined;
}

/** Whether loads may be posted there: towns of the same name lie all over the country. */
function inMarket({ lat, lng }: FoundPlace): boolean {
  const box = me.peek()?.market.box;
  return !box || (lat >= box.south && lat <= box.north && lng >= box.west && lng <= box.east);
}

async function search(text: string, signal: AbortSignal): Promise<FoundPlace[]> {
  const query = new URLSearchParams({ q: text, limit: String(shownAtMost) });
  const near = home();
  if (near) {
    query.set("lat", String(near.lat));
    query.set("lng", String(near.lng));
  }
  const { items } = await read<Page<FoundPlace>>(`/v1/places?${query}`, { signal });
  return items.filter(inMarket);
}

/**
 * An input that finds a town by Han, pinyin or initials: a combobox with a list, to be
 * used by keyboard and by touch. What was typed counts only once a place is chosen.
 */
export function Town({ path, label, faults, value, onValue }: Input & {
  value: PlaceDraft;
  /** site is what is known of a place of one's own, where one was chosen. */
  onValue: (value: PlaceDraft, site?: Site) => void;
}) {
  const id = useId();
  const { place: say } = words();
  const open = useSignal(false);
  const found = useSignal<FoundPlace[]>([]);
  const active = useSignal(-1);
  const query = useSignal("");
  const state = useSignal<"" | "none" | "failed">("");
  const pinning = useSignal(false);
  const list = useRef<HTMLUListElement>(null);
  // On a phone the list would open below the edge of the screen.
  useEffect(() => {
    if (open.value && found.value.length > 0) list.current?.scrollIntoView({ block: "nearest" });
  }, [open.value, found.value]);
  const asking = useRef<{ timer?: ReturnType<typeof setTimeout>; abort?: AbortController }>({});
  const focused = useRef(false);
  const fault = faultsOf(faults, path);

  const cancel = () => {
    clearTimeout(asking.current.timer);
    asking.current.abort?.abort();
  };
  useEffect(() => cancel, []);

  const look = (text: string) => {
    cancel();
    active.value = -1;
    state.value = "";
    if (!text.trim()) {
      found.value = recent();
      query.value = "";
      open.value = found.value.length > 0;
      return;
    }
    // What does not match any more goes at once, so that nobody picks it by haste.
    found.value = found.value.filter((place) => matches(place, text));
    const abort = new AbortController();
    asking.current.abort = abort;
    asking.current.timer = setTimeout(() => {
      search(text.trim(), abort.signal).then(
        (places) => {
          if (!focused.current) return settle(places, text.trim());
          found.value = places;
          query.value = text.trim();
          active.value = places.length > 0 ? 0 : -1;
          state.value = places.length > 0 ? "" : "none";
          open.value = true;
        },
        () => {
          if (abort.signal.aborted || !focused.current) return;
          found.value = [];
          state.value = "failed";
          open.value = true;
        },
      );
    }, pause);
  };

  // Who types a whole name and moves on has chosen, if only one place is called that.
  const settle = (places: FoundPlace[], typed: string) => {
    const same = places.filter((place) => place.name === typed);
    if (same.length === 1 && same[0]) choose(same[0]);
  };

  const choose = (place: FoundPlace) => {
    cancel();
    remember(place);
    const rough = place.bookable === false;
    const town = place.site?.place.town ?? place.name;
    onValue({ text: place.name, town, lat: place.lat, lng: place.lng, ...(rough && { rough }) }, place.site);
    open.value = false;
    // Who only passes by has not asked for a map; the field says what is missing.
    pinning.value = rough && focused.current;
  };

  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const last = found.value.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open.value) return look(value.town === undefined ? value.text : "");
      const step = event.key === "ArrowDown" ? 1 : -1;
      active.value = active.value + step > last ? 0 : active.value + step < 0 ? last : active.value + step;
    } else if (event.key === "Enter" && open.value) {
      event.preventDefault();
      const place = found.value[active.value];
      if (place) choose(place);
    } else if (event.key === "Escape" && open.value) {
      event.stopPropagation();
      open.value = false;
    }
  };

  const leave = () => {
    focused.current = false;
    open.value = false;
    if (value.town === undefined) settle(found.value, value.text.trim());
  };

  const hint = value.town === undefined ? say.hint : value.rough ? say.rough : undefined;
  const { lat, lng } = value;
  return (
    <Frame id={id} label={label} fault={fault} hint={hint}>
      <div class="combo">
        <input
          {...tie(id, fault, hint)}
          type="text"
          name={path}
          data-testid={`in-${path}`}
          data-chosen={value.town !== undefined}
          data-rough={value.rough ?? false}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={open.value}
          aria-controls={`${id}-list`}
          {...(open.value && active.value >= 0 && { "aria-activedescendant": `${id}-${active.value}` })}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          enterkeyhint="done"
          value={value.text}
          onInput={(event) => {
            onValue({ text: event.currentTarget.value });
            look(event.currentTarget.value);
          }}
          onFocus={(event) => {
            focused.current = true;
            event.currentTarget.select();
            if (!value.text) look("");
          }}
          onKeyDown={key}
          onBlur={leave}
        />
        <ul ref={list} id={`${id}-list`} role="listbox" aria-label={label} hidden={!open.value || found.value.length === 0} data-testid={`places-${path}`} data-query={query.value}>
          {found.value.map((place, i) => (
            <li
              key={place.id}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active.value}
              data-testid="place-option"
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(place)}
            >
              <span>{place.full_name ?? place.name}</span>{" "}
              <span class="soft">{[place.kind === "site" ? say.own : "", place.parent, place.latin, place.bookable === false ? say.rough : ""].filter(Boolean).join(" · ")}</span>
            </li>
          ))}
        </ul>
        {open.value && state.value && <p class="combo-none">{state.value === "none" ? say.none : say.failed}</p>}
        {value.town !== undefined && lat !== undefined && lng !== undefined && (
          <button type="button" class={`button ${value.rough ? "main" : "quiet"} pin-open`} data-testid={`pin-${path}`} onClick={() => (pinning.value = true)}>
            {value.rough ? say.setPin : say.movePin}
          </button>
        )}
        {pinning.value && lat !== undefined && lng !== undefined && (
          <PinDialog
            name={value.text}
            at={{ lat, lng }}
            far={value.rough ?? false}
            onPin={(at) => onValue({ text: value.text, ...(value.town !== undefined && { town: value.town }), ...at })}
            onClose={() => (pinning.value = false)}
          />
        )}
        <span class="unseen" role="status">{open.value && found.value.length > 0 ? say.found(found.value.length) : ""}</span>
      </div>
    </Frame>
  );
}
