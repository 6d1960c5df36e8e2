// The one file that knows the map library. It is loaded where a map is, and nowhere else.

import {
  canvas, circleMarker, divIcon, LatLngBounds, Map as LeafletMap, marker, polygon, polyline, tileLayer,
  type LatLngExpression, type Marker,
} from "leaflet";
import "leaflet/dist/leaflet.css";
import { shifted, unshifted, type Spot } from "./datum";

/** Where pictures of a better map come from, if the operator of the server has one. */
export interface Tiles {
  url: string;
  attribution: string;
  /** Chinese maps are shifted; then all that is drawn on them is too. */
  gcj02: boolean;
}

/** A call of the route, or a place of a load. */
export interface Mark extends Spot {
  kind: string;
  text: string;
}

export interface Shown {
  /** Lines through the points, each of a kind that the style sheet colours. */
  lines?: { kind: "own" | "with"; points: Spot[] }[];
  marks?: Mark[];
  /** A pin that the person sets. */
  pin?: { at: Spot; onMove: (at: Spot) => void; label: string };
  /** What to show first, where nothing else is drawn. */
  zoom?: number;
}

export interface MapHandle {
  show: (shown: Shown) => void;
  movePin: (at: Spot) => void;
  remove: () => void;
}

interface Base {
  land: number[][];
  lakes: number[][];
  rivers: number[][];
  provinces: number[][];
}

let base: Promise<Base> | undefined;

function readBase(): Promise<Base> {
  base ??= fetch("/basemap.json").then((answer) => {
    if (!answer.ok) throw new Error(`base map: ${answer.status}`);
    return answer.json() as Promise<Base>;
  });
  base.catch(() => (base = undefined));
  return base;
}

/** The points of a part of the base map: thousandths of a degree, each from the one before. */
export function unpack(part: number[]): Spot[] {
  const points: Spot[] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < part.length; i += 2) {
    x += part[i] ?? 0;
    y += part[i + 1] ?? 0;
    points.push({ lat: y / 1000, lng: x / 1000 });
  }
  return points;
}

/** The style sheet's colours, so that the map follows light and dark. */
function colour(element: Element, name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(--map-${name})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const closest = 17;
const nearby = 12;

/** Draws a map in an element. */
export function createMap(element: HTMLElement, words: { zoomIn: string; zoomOut: string }, tiles: Tiles | undefined): MapHandle {
  const map = new LeafletMap(element, {
    renderer: canvas({ padding: 0.3 }), preferCanvas: true, attributionControl: Boolean(tiles), zoomControl: false, minZoom: 3, maxZoom: closest,
    worldCopyJump: false, zoomSnap: 0.5, fadeAnimation: false, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  map.setView([31.9, 121.1], 7);
  const out = (spot: Spot): LatLngExpression => {
    const { lat, lng } = tiles?.gcj02 ? shifted(spot) : spot;
    return [lat, lng];
  };
  const back = (at: { lat: number; lng: number }): Spot => (tiles?.gcj02 ? unshifted(at) : { lat: at.lat, lng: at.lng });
  addZoom(map, words);
  if (tiles) tileLayer(tiles.url, { attribution: tiles.attribution, maxZoom: closest }).addTo(map);
  else void drawBase(map, element).catch(() => element.classList.add("no-base"));

  let pin: Marker | undefined;
  const drawn: { remove: () => void }[] = [];
  const show = (shown: Shown) => {
    for (const one of drawn.splice(0)) one.remove();
    const all: Spot[] = [];
    for (const { kind, points } of shown.lines ?? []) {
      all.push(...points);
      drawn.push(polyline(points.map(out), { color: colour(element, kind), weight: kind === "own" ? 3 : 4, ...(kind === "own" && { dashArray: "6 6" }), interactive: false }).addTo(map));
    }
    for (const mark of shown.marks ?? []) {
      all.push(mark);
      drawn.push(circleMarker(out(mark), { radius: 7, weight: 3, color: colour(element, mark.kind), fillColor: colour(element, "land"), fillOpacity: 1 })
        .bindTooltip(mark.text, { permanent: (shown.marks?.length ?? 0) <= 8, direction: "top", offset: [0, -6] }).addTo(map));
    }
    if (shown.pin) {
      pin = setPin(map, out(shown.pin.at), shown.pin, back);
      drawn.push(pin);
      all.push(shown.pin.at);
    }
    fit(map, all.map(out), shown.zoom);
  };
  return {
    show,
    movePin: (at) => {
      pin?.setLatLng(out(at));
      if (!map.getBounds().contains(out(at))) map.panTo(out(at));
    },
    remove: () => map.remove(),
  };
}

function fit(map: LeafletMap, points: LatLngExpression[], zoom = nearby): void {
  map.invalidateSize();
  if (points.length === 0) return;
  const bounds = new LatLngBounds(points as [number, number][]);
  if (points.length === 1) map.setView(bounds.getCenter(), zoom, { animate: false });
  else map.fitBounds(bounds, { animate: false, maxZoom: nearby, paddingTopLeft: [44, 52], paddingBottomRight: [44, 24] });
}

/** The library's own buttons are too small for a thumb and speak English. */
function addZoom(map: LeafletMap, words: { zoomIn: string; zoomOut: string }): void {
  const bar = document.createElement("div");
  bar.className = "map-zoom";
  for (const [text, label, by] of [["+", words.zoomIn, 1], ["−", words.zoomOut, -1]] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      map.setZoom(map.getZoom() + by);
    });
    button.addEventListener("dblclick", (event) => event.stopPropagation());
    bar.append(button);
  }
  map.getContainer().append(bar);
}

function setPin(map: LeafletMap, at: LatLngExpression, pin: NonNullable<Shown["pin"]>, back: (at: { lat: number; lng: number }) => Spot): Marker {
  const icon = divIcon({ className: "map-pin", html: "", iconSize: [36, 44], iconAnchor: [18, 42] });
  const one = marker(at, { icon, draggable: true, autoPan: true, keyboard: false, title: pin.label, alt: pin.label }).addTo(map);
  one.on("dragend", () => pin.onMove(back(one.getLatLng())));
  map.on("click", (event) => {
    one.setLatLng(event.latlng);
    pin.onMove(back(event.latlng));
  });
  return one;
}

/** Draws what the binary brings along, under everything else. */
async function drawBase(map: LeafletMap, element: HTMLElement): Promise<void> {
  const pane = map.createPane("base");
  pane.style.zIndex = "210";
  pane.style.pointerEvents = "none";
  const draw = canvas({ pane: "base", padding: 0.3 });
  const parts = await readBase();
  const at = (part: number[]) => unpack(part).map(({ lat, lng }): [number, number] => [lat, lng]);
  const quiet = { pane: "base", renderer: draw, interactive: false, smoothFactor: 1.5 };
  const water = colour(element, "water");
  element.style.background = water;
  for (const part of parts.land) polygon(at(part), { ...quiet, stroke: false, fillColor: colour(element, "land"), fillOpacity: 1 }).addTo(map);
  for (const part of parts.provinces) polyline(at(part), { ...quiet, color: colour(element, "province"), weight: 1, dashArray: "3 4" }).addTo(map);
  for (const part of parts.rivers) polyline(at(part), { ...quiet, color: water, weight: 2 }).addTo(map);
  for (const part of parts.lakes) polygon(at(part), { ...quiet, stroke: false, fillColor: water, fillOpacity: 1 }).addTo(map);
  element.dataset["base"] = "drawn";
}
