package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"pinhuo/freight"
)

// writer owns the one connection that writes. Statements are prepared on that
// connection and called on it while a transaction is open: handed to the
// transaction they would be prepared anew each time.
type writer struct {
	engine *engine
	db     *sql.DB

	mu    sync.Mutex // guards what follows and is held through a transaction
	conn  *sql.Conn  // nil before the first use and after a break
	stmts map[stmtKey]*sql.Stmt
}

// stmtKey finds a prepared statement: by its text, or by what the text is made
// from, so that it need not be made again.
type stmtKey struct {
	text    string // or what it is made from
	changed bool   // an update of the table
}

func newWriter(e *engine, db *sql.DB) *writer {
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return &writer{engine: e, db: db}
}

// writeTx is what a write transaction is made through.
type writeTx struct {
	ctx  context.Context
	w    *writer
	conn *sql.Conn
	args []any // reused from statement to statement

	bodies  map[freight.ID]body // of entities written in this transaction
	spare   []any
	buffers [][]byte
}

// body is the encoded body of an entity at a version. It is boxed once.
type body struct {
	version int64
	text    any
}

// do runs work in one transaction. before, which may be nil, runs ahead of it
// on the connection. Once begun a transaction is not cancelled with ctx: it
// ends, or the engine's limit cuts the line.
func (w *writer) do(ctx context.Context, before func(ctx context.Context, conn *sql.Conn) error, work func(tx *writeTx) error) error {
	return w.once(ctx, before, func(t *writeTx) error {
		tx, err := t.conn.BeginTx(t.ctx, nil)
		if err != nil {
			return err
		}
		if err := work(t); err != nil {
			if undo := tx.Rollback(); undo != nil {
				w.drop()
				return errors.Join(err, undo)
			}
			return err
		}
		if err := tx.Commit(); err != nil { // the commit point
			return &atCommit{err}
		}
		return nil
	})
}

// once is do without a transaction around work: for one statement, which is a
// transaction by itself.
func (w *writer) once(ctx context.Context, before func(ctx context.Context, conn *sql.Conn) error, work func(tx *writeTx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.engine.sever != nil {
		defer time.AfterFunc(w.engine.limit, w.engine.sever).Stop()
	}
	conn, err := w.connection(ctx)
	if err != nil {
		return err
	}
	if before != nil {
		if err := before(ctx, conn); err != nil {
			return w.spoilt(err)
		}
	}
	return w.spoilt(work(&writeTx{ctx: context.WithoutCancel(ctx), w: w, conn: conn, bodies: map[freight.ID]body{}}))
}

// connection returns the writer's connection and dials where there is none.
func (w *writer) connection(ctx context.Context) (*sql.Conn, error) {
	if w.conn != nil {
		return w.conn, nil
	}
	dialling := ctx
	if w.engine.limit > 0 {
		var done context.CancelFunc
		dialling, done = context.WithTimeout(ctx, w.engine.limit)
		defer done()
	}
	conn, err := w.db.Conn(dialling)
	if err != nil {
		return nil, err
	}
	w.conn, w.stmts = conn, map[stmtKey]*sql.Stmt{}
	if err := w.engine.greet(ctx, conn); err != nil {
		w.drop()
		return nil, err
	}
	return conn, nil
}

// spoilt drops the connection when err says that it is of no more use.
func (w *writer) spoilt(err error) error {
	if err != nil && broken(err) {
		w.drop()
	}
	return err
}

// drop closes the connection for good; the next use dials another. An open
// transaction ends with it.
func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	if w.engine.sever != nil {
		w.engine.sever() // no farewell may wait for a line that is gone
	}
	w.forget()
	// Both calls report that the connection is bad, which is why it is dropped.
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = w.conn.Close()
	w.conn = nil
}

// forget closes the statements. SQLite keeps a connection half open, with its
// locks, until the last of them is.
func (w *writer) forget() {
	for _, stmt := range w.stmts {
		_ = stmt.Close() // on a connection that is going itself
	}
	w.stmts = nil
}

func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		w.forget()
		_ = w.conn.Close() // goes back to the pool, which is closed next
		w.conn = nil
	}
	return w.db.Close()
}

func (t *writeTx) stmt(key stmtKey, text func() string) (*sql.Stmt, error) {
	if stmt := t.w.stmts[key]; stmt != nil {
		return stmt, nil
	}
	stmt, err := t.conn.PrepareContext(t.ctx, sqlx.Rebind(t.w.engine.bind, text()))
	if err == nil {
		t.w.stmts[key] = stmt
	}
	return stmt, err
}

// run runs the statement of the key and returns how many rows it wrote.
func (t *writeTx) run(key stmtKey, text func() string, args []any) (int, error) {
	stmt, err := t.stmt(key, text)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

func (t *writeTx) exec(text string, args ...any) (int, error) {
	return t.run(stmtKey{text: text}, func() string { return text }, args)
}

func (t *writeTx) query(text string, args ...any) (*sql.Rows, error) {
	stmt, err := t.stmt(stmtKey{text: text}, func() string { return text })
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(t.ctx, args...)
}

// insert writes new rows, one by one.
func insert[T any](t *writeTx, into *table[T], rows []T) error {
	return t.oneByOne(freshLot(into, rows))
}

// oneByOne writes the rows of a lot with a statement each and counts those of
// next versions.
func (t *writeTx) oneByOne(l *lot) error {
	written := 0
	for i := range l.rows {
		values, err := l.values(i, t.args[:0])
		if err != nil {
			return err
		}
		t.args = values
		n, err := t.run(stmtKey{l.table, l.changed}, l.text, values)
		if err != nil {
			return err
		}
		written += n
	}
	return l.all(written)
}

// valuesOf appends the values of an entity. Its body is encoded once a
// transaction, for the row and for the answer that repeats it.
func valuesOf[T any](t *writeTx, of *entityTable[T], v *T, to []any) ([]any, error) {
	to = of.plain(v, to)
	if of.body == nil {
		return to, nil
	}
	m := of.meta(v)
	if known, ok := t.bodies[m.ID]; ok && known.version == m.Version {
		return append(to, known.text), nil
	}
	text, err := of.encode(v)
	if err != nil {
		return nil, err
	}
	fresh := body{m.Version, text}
	t.bodies[m.ID] = fresh
	return append(to, fresh.text), nil
}
