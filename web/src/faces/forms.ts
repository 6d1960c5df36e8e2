// The forms, which are fetched when the first is opened.
export { LoadForm } from "./loadform";
export { TripForm } from "./tripform";
