package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"maps"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"

	"pinhuo/freight"
)

// Channel is the PostgreSQL channel that each commit notifies with
// "<market> <number of its last event>". It is a doorbell and never the data.
const Channel = "pinhuo"

// postgresLimit bounds one write transaction: on a line gone silent nothing
// else would.
const postgresLimit = 30 * time.Second

// postgresEngine describes the database of a URL.
func postgresEngine(cfg Config) (*engine, error) {
	read, err := postgresURL(cfg.URL, map[string]string{
		"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read",
	})
	if err != nil {
		return nil, err
	}
	write, err := postgresURL(cfg.URL, map[string]string{})
	if err != nil {
		return nil, err
	}
	reading, err := pq.NewConnector(read)
	if err != nil {
		return nil, fmt.Errorf("store: read the database URL: %w", err)
	}
	writing, err := pq.NewConnector(write)
	if err != nil {
		return nil, fmt.Errorf("store: read the database URL: %w", err)
	}
	line := &line{}
	writing.Dialer(line)
	return &engine{
		name: "postgres", bind: sqlx.DOLLAR, dialect: goose.DialectPostgres, migrations: "migrations/postgres",
		write: writeBulk, whole: true,
		writing: writing, reading: reading, greet: greetPostgres,
		guard: &advisoryGuard{reading: reading, wait: cfg.HandOver},
		limit: postgresLimit + cfg.HandOver, sever: line.cut,
	}, nil
}

// keyed rules out plans that read whole tables. Everything is read by key, and
// a plan made while a table was small would stay prepared while it grows. So one plan
// serves all arguments, and none is worth compiling: what is ruled out counts as dear,
// and dear plans are compiled, at a hundred times the cost of running them.
var keyed = map[string]string{
	"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "plan_cache_mode": "force_generic_plan", "jit": "off",
}

// postgresURL adds settings of the session to a URL.
func postgresURL(text string, more map[string]string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		// The URL may hold a password, and url.Parse repeats it.
		return "", fmt.Errorf("store: the database URL must begin with postgres:// (or be empty for SQLite)")
	}
	query := u.Query()
	if query.Get("sslmode") == "" {
		return "", fmt.Errorf("store: the database URL must say sslmode: disable, require, verify-ca or verify-full")
	}
	maps.Copy(more, keyed)
	for name, value := range more {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// greetPostgres settles and checks the writer's session. A server that loses
// this process without a farewell frees its locks within half a minute.
func greetPostgres(ctx context.Context, conn *sql.Conn) error {
	for _, text := range [...]string{
		"SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3",
	} {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	var encoding, sync string
	err := conn.QueryRowContext(ctx, "SELECT current_setting('server_encoding'), current_setting('synchronous_commit')").Scan(&encoding, &sync)
	if err != nil {
		return fmt.Errorf("read the server's settings: %w", err)
	}
	if encoding != "UTF8" {
		return own(fmt.Errorf("the database has encoding %s and not UTF8", encoding))
	}
	if sync == "off" {
		return own(fmt.Errorf("the database has synchronous_commit = off: it would not be durable"))
	}
	return nil
}

// line is the writer's network connection, kept so that it can be cut.
type line struct {
	mu   sync.Mutex
	conn net.Conn
}

// Dial opens the line.
func (l *line) Dial(network, address string) (net.Conn, error) {
	return l.DialContext(context.Background(), network, address)
}

// DialTimeout opens the line within a time.
func (l *line) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, done := context.WithTimeout(context.Background(), timeout)
	defer done()
	return l.DialContext(ctx, network, address)
}

// DialContext opens the line.
func (l *line) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err == nil {
		l.mu.Lock()
		l.conn = conn
		l.mu.Unlock()
	}
	return conn, err
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.Close() // whoever waits on it learns of it there
	}
}

// advisoryGuard holds markets with advisory locks of the writer's session.
type advisoryGuard struct {
	reading driver.Connector
	wait    time.Duration
	held    map[freight.ID]*sql.Conn // by the writer alone, under its mutex
}

const lockSchema = "pinhuo schema"

func lockKey(name string) int64 {
	sum := sha256.Sum256([]byte(name))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

func (g *advisoryGuard) alone(ctx context.Context) (func(), error) {
	db := sql.OpenDB(g.reading)
	conn, err := db.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lockKey(lockSchema))
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return func() { _, _ = conn.Close(), db.Close() }, nil // the lock goes with the session
}

func (g *advisoryGuard) idle(ctx context.Context) error {
	db := sql.OpenDB(g.reading)
	db.SetMaxOpenConns(1)
	defer func() { _ = db.Close() }() // only read
	holders, err := holders(ctx, db)
	if err != nil {
		return err
	}
	for market, holder := range holders {
		done, err := patiently(ctx, g.wait, func() (bool, error) { return tryAdvisory(ctx, db, market) })
		if err != nil {
			return err
		}
		if !done {
			return &HeldError{Holder: holder}
		}
	}
	return nil
}

// holders lists the markets with their last holders, none before the first
// migration.
func holders(ctx context.Context, db *sql.DB) (map[freight.ID]string, error) {
	var made bool
	if err := db.QueryRowContext(ctx, "SELECT to_regclass('writers') IS NOT NULL").Scan(&made); err != nil || !made {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT market_id, holder FROM writers")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[freight.ID]string{}
	for rows.Next() {
		var market freight.ID
		var holder string
		if err := rows.Scan(&market, &holder); err != nil {
			return nil, err
		}
		found[market] = holder
	}
	return found, rows.Err()
}

func (g *advisoryGuard) take(ctx context.Context, conn *sql.Conn, market freight.ID, _ string) error {
	if g.held[market] == conn {
		return nil
	}
	done, err := patiently(ctx, g.wait, func() (bool, error) { return tryAdvisory(ctx, conn, market) })
	if err != nil {
		return err
	}
	if !done {
		held := &HeldError{}
		// The name is a courtesy: without it the refusal stands.
		_ = conn.QueryRowContext(ctx, "SELECT holder FROM writers WHERE market_id = $1", string(market)).Scan(&held.Holder)
		return held
	}
	if g.held == nil {
		g.held = map[freight.ID]*sql.Conn{}
	}
	g.held[market] = conn
	return nil
}

func tryAdvisory(ctx context.Context, on interface {
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}, market freight.ID) (done bool, err error) {
	err = on.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", lockKey("pinhuo market "+string(market))).Scan(&done)
	return done, err
}

func (g *advisoryGuard) close() error { return nil } // the locks go with the session
