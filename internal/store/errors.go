package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
	"github.com/mattn/go-sqlite3"

	"pinhuo/freight"
)

// HeldError says that another server writes here.
type HeldError struct {
	Holder string // as it named itself, "" where it has not yet
}

// Error names the holder.
func (e *HeldError) Error() string {
	return fmt.Sprintf("store: another server holds this database: %q; stop it first", e.Holder)
}

// SchemaError says that the database was made by a newer version of the
// program, which this one could only damage.
type SchemaError struct {
	Database int64 // schema version found
	Program  int64 // newest schema version this program knows
}

// Error names both versions.
func (e *SchemaError) Error() string {
	return fmt.Sprintf("store: the database has schema version %d, this program knows up to %d: use a newer program", e.Database, e.Program)
}

// fault is what a driver's error means to us.
type fault int

const (
	faultOther      fault = iota // a mistake of ours or a damaged database
	faultDuplicate               // a unique key is taken
	faultResource                // no space, no memory, read-only: the database is sound but cannot write
	faultContention              // locked or serialized out: trying again may help
	faultConnection              // the line to the database is gone
)

// classify reads a driver's error by its code. It is the only place that knows
// the codes of either engine.
func classify(err error) fault {
	if lite := (sqlite3.Error{}); errors.As(err, &lite) {
		return classifySQLite(lite)
	}
	if post := (*pq.Error)(nil); errors.As(err, &post) {
		return classifyPostgres(string(post.Code))
	}
	if errors.Is(err, pq.ErrInFailedTransaction) || errors.Is(err, sql.ErrNoRows) || errors.Is(err, sql.ErrTxDone) {
		return faultOther
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return faultContention
	}
	if isOurs(err) {
		return faultOther
	}
	return faultConnection
}

// isOurs tells whether no driver is behind the error: a refusal of the domain
// or of a guard, a row that cannot be read, a number out of step.
func isOurs(err error) bool {
	_, own := errors.AsType[*ownError](err)
	_, told := errors.AsType[*freight.Error](err)
	_, commit := errors.AsType[*freight.CommitError](err)
	_, held := errors.AsType[*HeldError](err)
	return own || told || commit || held
}

func classifySQLite(err sqlite3.Error) fault {
	switch err.Code {
	case sqlite3.ErrConstraint:
		if err.ExtendedCode == sqlite3.ErrConstraintPrimaryKey || err.ExtendedCode == sqlite3.ErrConstraintUnique {
			return faultDuplicate
		}
	case sqlite3.ErrFull, sqlite3.ErrNomem, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm, sqlite3.ErrTooBig:
		return faultResource
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrInterrupt:
		return faultContention
	case sqlite3.ErrIoErr:
		return faultConnection // of a commit that met one nobody knows what reached the disk
	}
	return faultOther
}

func classifyPostgres(code string) fault {
	if len(code) != 5 {
		return faultOther
	}
	switch code {
	case "23505":
		return faultDuplicate
	case "25006", "58030":
		return faultResource
	case "57014", "55P03", "40001", "40P01":
		return faultContention
	case "57P01", "57P02", "57P03", "57P05":
		return faultConnection
	}
	switch code[:2] {
	case "53":
		return faultResource
	case "08":
		return faultConnection
	}
	return faultOther
}

// ownError marks an error that no driver caused, or one of a driver in a place
// where it must have been ours: the driver's code still goes first.
type ownError struct{ cause error }

func (e *ownError) Error() string { return e.cause.Error() }
func (e *ownError) Unwrap() error { return e.cause }

// own marks err as ours: a row that cannot be encoded, a number out of step.
func own(err error) error { return &ownError{err} }

// atCommit marks the error of the COMMIT itself, whose outcome may be unknown.
type atCommit struct{ cause error }

func (e *atCommit) Error() string { return "at COMMIT: " + e.cause.Error() }
func (e *atCommit) Unwrap() error { return e.cause }

// commitError says what became of a transaction that ended with err.
func commitError(err error) *freight.CommitError {
	if known, ok := errors.AsType[*freight.CommitError](err); ok {
		return known
	}
	if _, held := errors.AsType[*HeldError](err); held {
		return &freight.CommitError{Fault: freight.CommitFenced, Cause: err}
	}
	result := &freight.CommitError{Fault: freight.CommitFailed, Cause: err}
	if _, late := errors.AsType[*atCommit](err); late && classify(err) == faultConnection {
		result.Fault = freight.CommitUnknown
	} else if classify(err) == faultDuplicate {
		result.Fault = freight.CommitStale
	}
	return result
}

// failure turns an error of a read or of an account's write into one that can
// be told: errors of the domain pass, what may heal is Unavailable, the rest is
// Internal. The operation goes into the log.
func failure(operation string, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*freight.Error](err); ok {
		return known
	}
	cause := fmt.Errorf("store: %s: %w", operation, err)
	switch classify(err) {
	case faultResource, faultContention, faultConnection:
		return &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStore, Cause: cause}
	case faultDuplicate:
		return &freight.Error{Code: freight.Conflict, Problem: freight.ProblemTaken, Cause: cause}
	}
	return &freight.Error{Code: freight.Internal, Problem: freight.ProblemInternal, Cause: cause}
}

// broken tells whether the connection that gave err must not be used again.
func broken(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || classify(err) == faultConnection
}
