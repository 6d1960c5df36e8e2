package store

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jmoiron/sqlx"
)

// reader is a pool of connections that cannot write, and the statements
// prepared on them.
type reader struct {
	db    *sqlx.DB
	bind  int
	views chan struct{} // holds one for each open transaction
	mu    sync.RWMutex
	stmts map[string]*sqlx.Stmt
}

// readers is how many transactions read at once. One connection more is left to
// single statements: a statement that is new is prepared on it, while every
// transaction holds a connection and may be waiting for just that.
const readers = 8

func newReader(db *sql.DB, driverName string, bind int) *reader {
	db.SetMaxOpenConns(readers + 1)
	db.SetMaxIdleConns(readers + 1)
	return &reader{db: sqlx.NewDb(db, driverName), bind: bind, views: make(chan struct{}, readers), stmts: map[string]*sqlx.Stmt{}}
}

func (r *reader) stmt(ctx context.Context, text string) (*sqlx.Stmt, error) {
	r.mu.RLock()
	stmt := r.stmts[text]
	r.mu.RUnlock()
	if stmt != nil {
		return stmt, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if stmt = r.stmts[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := r.db.PreparexContext(ctx, sqlx.Rebind(r.bind, text))
	if err == nil {
		r.stmts[text] = stmt
	}
	return stmt, err
}

// now reads outside any transaction: right for a single statement.
func (r *reader) now(ctx context.Context) querier { return &readNow{ctx, r} }

type readNow struct {
	ctx context.Context
	r   *reader
}

func (q *readNow) query(text string, args ...any) (*sql.Rows, error) {
	stmt, err := q.r.stmt(q.ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(q.ctx, args...)
}

// view runs read in one transaction, which sees the database as of its first
// statement: whole commits and nothing later.
func (r *reader) view(ctx context.Context, read func(q querier) error) error {
	select {
	case r.views <- struct{}{}:
		defer func() { <-r.views }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := r.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	err = read(&readTx{ctx, r, tx})
	if end := tx.Rollback(); err == nil {
		err = end
	}
	return err
}

type readTx struct {
	ctx context.Context
	r   *reader
	tx  *sqlx.Tx
}

func (q *readTx) query(text string, args ...any) (*sql.Rows, error) {
	stmt, err := q.r.stmt(q.ctx, text)
	if err != nil {
		return nil, err
	}
	return q.tx.StmtxContext(q.ctx, stmt).QueryContext(q.ctx, args...)
}

func (r *reader) close() error { return r.db.Close() }
