import { useEffect, useRef } from "preact/hooks";
import { newKey } from "../logic/attempt";
import { mayHaul, offers } from "../logic/market";
import { read } from "../logic/net";
import type { Offer } from "../logic/types";

const reported = new Set<string>();

/** Tells the server once that the offer is on screen. */
export function useSeen<E extends HTMLElement>(offer: Offer) {
  const card = useRef<E>(null);
  useEffect(() => {
    const element = card.current;
    if (!element || offer.state !== "sent" || !mayHaul.peek()) return;
    const seen = () => {
      if (document.visibilityState !== "visible" || reported.has(offer.id)) return;
      reported.add(offer.id);
      // Seeing twice is seeing once: nothing has to be kept for a second try.
      read<Offer>(`/v1/offers/${encodeURIComponent(offer.id)}/seen`, { method: "POST", body: {}, key: newKey() }).then(
        (answer) => offers.put(answer),
        () => reported.delete(offer.id),
      );
    };
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && seen(), { threshold: 0.5 });
    observer.observe(element);
    return () => observer.disconnect();
  }, [offer.id, offer.state]);
  return card;
}
