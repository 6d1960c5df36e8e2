import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { words } from "../words/words";

type Forms = typeof import("../faces/forms");

let forms: Promise<Forms> | undefined;
let loaded: Forms | undefined;

/** Fetches the code of the forms, once; anew after a failure. */
export function fetchForms(): Promise<Forms> {
  forms ??= import("../faces/forms").then((all) => (loaded = all));
  forms.catch(() => (forms = undefined));
  return forms;
}

/** A form whose code may still be on its way. */
export function Later({ show }: { show: (forms: Forms) => preact.JSX.Element }) {
  const here = useSignal(loaded);
  const failed = useSignal(false);
  const ask = () => {
    failed.value = false;
    fetchForms().then((all) => (here.value = all), () => (failed.value = true));
  };
  useEffect(ask, []);
  if (here.value) return show(here.value);
  return failed.value
    ? <p class="note bad" role="alert">{words().common.unanswered} <button class="button" onClick={ask}>{words().common.retry}</button></p>
    : <div class="skeleton" aria-busy="true" />;
}
