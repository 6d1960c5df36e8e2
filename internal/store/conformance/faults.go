package conformance

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
)

// Faults breaks what a store's writer says to its driver: the nth call fails,
// with or without having happened.
type Faults struct {
	mu     sync.Mutex
	armed  bool
	left   int   // calls until the one that fails
	happen bool  // whether the failing call is carried out first
	err    error // what it fails with
	struck string
	calls  int
	dials  int                                                         // connections opened
	begins func(ctx context.Context, conn driver.QueryerContext) error // called ahead of each transaction, nil for nothing
}

// errLine is an error that no server sent: the line is gone.
var errLine = errors.New("injected: connection reset by peer")

// Arm makes call number n from now on (0 is the next) fail with err.
func (f *Faults) Arm(n int, happen bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed, f.left, f.happen, f.err, f.struck, f.calls = true, n, happen, err, "", 0
}

// Disarm lets everything pass again. It tells which call failed, "" for none,
// and how many were made.
func (f *Faults) Disarm() (struck string, calls int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = false
	return f.struck, f.calls
}

// call carries out one call to the driver, or breaks it.
func (f *Faults) call(name string, do func() error) error {
	f.mu.Lock()
	strikes := f.armed && f.left == 0
	happen, broken := f.happen, f.err
	if f.armed {
		f.left--
		f.calls++
	}
	if strikes {
		f.struck = name
	}
	f.mu.Unlock()
	if !strikes {
		return do()
	}
	if happen {
		if err := do(); err != nil {
			return err
		}
	}
	return broken
}

// Wrap is for store.Config.Wrap.
func (f *Faults) Wrap(c driver.Connector) driver.Connector { return &faultyConnector{c, f} }

type faultyConnector struct {
	driver.Connector
	f *Faults
}

func (c *faultyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c.f.mu.Lock()
	c.f.dials++
	c.f.mu.Unlock()
	return &faultyConn{conn, c.f}, nil
}

// Dials tells how many connections were opened.
func (f *Faults) Dials() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dials
}

// fullConn is what both drivers' connections can do.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
}

type faultyConn struct {
	driver.Conn
	f *Faults
}

func (c *faultyConn) full() fullConn {
	full, ok := c.Conn.(fullConn)
	if !ok {
		panic("a driver whose connections lack what the store uses")
	}
	return full
}

// Ping reaches the driver unbroken.
func (c *faultyConn) Ping(ctx context.Context) error { return c.full().Ping(ctx) }

// ExecContext is not broken: the store uses it for settings only.
func (c *faultyConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	return c.full().ExecContext(ctx, text, args)
}

// QueryContext is not broken: the store uses it for settings and locks only.
func (c *faultyConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	return c.full().QueryContext(ctx, text, args)
}

// BeginTx may be broken.
func (c *faultyConn) BeginTx(ctx context.Context, opts driver.TxOptions) (tx driver.Tx, err error) {
	if c.f.begins != nil {
		if err := c.f.begins(ctx, c.full()); err != nil {
			return nil, err
		}
	}
	err = c.f.call("begin", func() error {
		tx, err = c.full().BeginTx(ctx, opts)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &faultyTx{tx, c.f}, nil
}

// PrepareContext may be broken.
func (c *faultyConn) PrepareContext(ctx context.Context, text string) (stmt driver.Stmt, err error) {
	err = c.f.call("prepare", func() error {
		stmt, err = c.full().PrepareContext(ctx, text)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &faultyStmt{stmt, c.f}, nil
}

type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type faultyStmt struct {
	driver.Stmt
	f *Faults
}

func (s *faultyStmt) full() fullStmt {
	full, ok := s.Stmt.(fullStmt)
	if !ok {
		panic("a driver whose statements lack what the store uses")
	}
	return full
}

// ExecContext may be broken.
func (s *faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (result driver.Result, err error) {
	err = s.f.call("exec", func() error {
		result, err = s.full().ExecContext(ctx, args)
		return err
	})
	return result, err
}

// QueryContext may be broken.
func (s *faultyStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (rows driver.Rows, err error) {
	err = s.f.call("query", func() error {
		rows, err = s.full().QueryContext(ctx, args)
		return err
	})
	if err != nil && rows != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return rows, err
}

type faultyTx struct {
	driver.Tx
	f *Faults
}

// Commit may be broken. One that does not happen leaves no transaction open,
// as with the real drivers.
func (t *faultyTx) Commit() error {
	happened := false
	err := t.f.call("commit", func() error {
		happened = true
		return t.Tx.Commit()
	})
	if !happened {
		err = errors.Join(err, t.Tx.Rollback())
	}
	return err
}
