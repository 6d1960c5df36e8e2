package store

import (
	"encoding/json"
	"fmt"
	"strconv"

	"pinhuo/freight"
)

// answerRow is a first answer as its table has it: the body is the refusal, or
// the result with its rows as objects of their columns.
type answerRow struct {
	freight.Answer
	refused bool
	body    string
}

var answerTable = &table[answerRow]{name: "answers", columns: []string{
	"org_id", "name", "hash", "at", "refused", "body",
}, fields: func(a *answerRow, to []any) []any {
	return append(to, &a.Key.Org, &a.Key.Name, (*hash)(&a.Key.Hash), &a.At, &a.refused, &a.body)
}, parse: (*answerRow).parse}

// answerRows are the rows of the first answers of a commit.
func answerRows(tx *writeTx, answers []freight.Answer) ([]answerRow, error) {
	rows := make([]answerRow, len(answers))
	var text []byte
	for i := range answers {
		row := &rows[i]
		row.Answer, row.refused = answers[i], answers[i].Refusal != nil
		var err error
		if row.refused {
			text, err = json.Marshal(row.Refusal)
		} else {
			text, err = appendResult(tx, text[:0], &row.Result)
		}
		if err != nil {
			return nil, own(fmt.Errorf("encode the answer to %s: %w", row.Key.Name, err))
		}
		row.body = string(text)
	}
	return rows, nil
}

// appendResult writes a result.
func appendResult(tx *writeTx, to []byte, r *freight.Result) ([]byte, error) {
	to = strconv.AppendInt(append(to, `{"seq":`...), r.Seq, 10)
	var err error
	if to, err = appendPart(tx, to, loadTable, r.Load); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, tripTable, r.Trip); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, offerTable, r.Offer); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, bookingTable, r.Booking); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, poolTable, r.Pool); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, ticketTable, r.Ticket); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, officerTable, r.Officer); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, briefTable, r.Brief); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, preferenceTable, r.Preference); err != nil {
		return to, err
	}
	if to, err = appendPart(tx, to, costTable, r.Costs); err != nil {
		return to, err
	}
	return append(to, '}'), nil
}

func appendPart[T any](tx *writeTx, to []byte, t *entityTable[T], v *T) ([]byte, error) {
	if v == nil {
		return to, nil
	}
	values, err := valuesOf(tx, t, v, tx.spare[:0])
	if err != nil {
		return to, err
	}
	tx.spare = values
	to = append(append(append(to, `,"`...), t.kind...), `":`...)
	return t.appendRow(to, values), nil
}

// parse fills in the answer from the body.
func (a *answerRow) parse() error {
	if a.refused {
		a.Refusal = new(freight.Error)
		return json.Unmarshal([]byte(a.body), a.Refusal)
	}
	var parts struct {
		Seq                              int64
		Load, Trip, Offer, Booking, Pool json.RawMessage
		Ticket, Officer, Brief           json.RawMessage
		Preference, Costs                json.RawMessage
	}
	if err := json.Unmarshal([]byte(a.body), &parts); err != nil {
		return err
	}
	a.Result.Seq = parts.Seq
	var err error
	if a.Result.Load, err = part(loadTable, parts.Load); err != nil {
		return err
	}
	if a.Result.Trip, err = part(tripTable, parts.Trip); err != nil {
		return err
	}
	if a.Result.Offer, err = part(offerTable, parts.Offer); err != nil {
		return err
	}
	if a.Result.Booking, err = part(bookingTable, parts.Booking); err != nil {
		return err
	}
	if a.Result.Pool, err = part(poolTable, parts.Pool); err != nil {
		return err
	}
	if a.Result.Ticket, err = part(ticketTable, parts.Ticket); err != nil {
		return err
	}
	if a.Result.Officer, err = part(officerTable, parts.Officer); err != nil {
		return err
	}
	if a.Result.Brief, err = part(briefTable, parts.Brief); err != nil {
		return err
	}
	if a.Result.Preference, err = part(preferenceTable, parts.Preference); err != nil {
		return err
	}
	a.Result.Costs, err = part(costTable, parts.Costs)
	return err
}

func part[T any](t *entityTable[T], text json.RawMessage) (*T, error) {
	if text == nil {
		return nil, nil
	}
	return t.parseRow(text)
}
