package audit

import (
	"context"

	"pinhuo/freight"
)

// checkProofs wants every booking to remember its proofs, each shown by a side of it, and
// to be proven where one of them shows that its goods were handed over, and only there.
func (w *world) checkProofs(ctx context.Context) error {
	of := by(w.proofs, func(p *freight.Proof) freight.ID { return p.Booking })
	for _, id := range sorted(w.bookings) {
		b := w.bookings[id]
		shows := false
		for i, s := range b.Custody.Proofs {
			p := w.proofs[s.Proof]
			shows = shows || s.Kind == "delivery" || s.Kind == "signature"
			if p == nil || p.Booking != id || p.Kind != s.Kind || p.Picture.Blob != s.Blob {
				w.note(ProofWrong, []Row{{freight.KindBooking, id}, {freight.KindProof, s.Proof}}, Number{"at", int64(i)})
			}
		}
		proven, over := b.State == "proven", b.State == "proven" || b.State == "handed_over"
		if len(of[id]) != len(b.Custody.Proofs) || over && proven != shows {
			w.note(ProofWrong, []Row{{freight.KindBooking, id}}, Number{"proofs", int64(len(of[id]))}, Number{"remembered", int64(len(b.Custody.Proofs))})
		}
	}
	for _, id := range sorted(w.proofs) {
		if err := w.checkProof(ctx, w.proofs[id]); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) checkProof(ctx context.Context, p *freight.Proof) error {
	row := []Row{{freight.KindProof, p.ID}}
	b := w.bookings[p.Booking]
	switch {
	case b == nil:
		w.note(DanglingRow, row, Number{"version", p.Version})
	case p.By == "carrier" && p.Org != b.Org || p.By == "shipper" && p.Org != b.Shipper || p.By != "carrier" && p.By != "shipper" || p.Made < b.Made:
		w.note(ProofWrong, append(row, Row{freight.KindBooking, b.ID}), Number{"made_ms", int64(p.Made)})
	}
	if w.opts.Blobs == nil {
		return nil
	}
	kept, err := w.opts.Blobs(ctx, p.Picture)
	if err == nil && !kept {
		w.note(ProofLost, row, Number{"bytes", p.Picture.Bytes})
	}
	return err
}
