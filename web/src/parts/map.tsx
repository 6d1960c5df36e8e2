import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Spot } from "../map/datum";
import type { MapHandle, Shown } from "../map/map";
import { tiles } from "../map/tiles";
import { words } from "../words/words";

/**
 * A map, whose code is fetched when the first is shown. It says nothing that does not
 * stand in words beside it.
 */
export function GeoMap({ shown, label, pin, testid }: {
  shown: Shown;
  label: string;
  /** Where a pin stands that others move too. */
  pin?: Spot;
  testid: string;
}) {
  const { map: say } = words();
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<MapHandle | undefined>(undefined);
  const state = useSignal<"" | "drawn" | "failed">("");
  // The code of the map may arrive after what is to be shown has changed.
  const latest = useRef(shown);
  latest.current = shown;
  useEffect(() => {
    let gone = false;
    import("../map/map").then(
      ({ createMap }) => {
        if (gone || !box.current) return;
        handle.current = createMap(box.current, say, tiles());
        handle.current.show(latest.current);
        state.value = "drawn";
      },
      () => (state.value = "failed"),
    );
    return () => {
      gone = true;
      handle.current?.remove();
      handle.current = undefined;
    };
  }, []);
  const drawn = JSON.stringify([shown.lines, shown.marks]);
  const before = useRef(drawn);
  useEffect(() => {
    if (before.current !== drawn) handle.current?.show(latest.current);
    before.current = drawn;
  }, [drawn]);
  useEffect(() => {
    if (pin) handle.current?.movePin(pin);
  }, [pin?.lat, pin?.lng]);
  return (
    <div class="map" role="group" aria-label={label} data-testid={testid} data-state={state.value}>
      <div class="map-box" ref={box} />
      {state.value === "failed" && <p class="note warn">{say.failed}</p>}
    </div>
  );
}
