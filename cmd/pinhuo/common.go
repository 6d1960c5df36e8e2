package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/alecthomas/kong"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// database is where a command finds the data.
type database struct {
	Data        string `help:"Directory of the embedded database." default:"./data" env:"PINHUO_DATA" type:"path"`
	DatabaseURL string `help:"PostgreSQL URL; the embedded database is used when empty." env:"PINHUO_DATABASE_URL" name:"database-url"`
}

// open opens the database that is there: a folder without one stays without.
func (d database) open(ctx context.Context) (*store.Store, error) {
	if d.DatabaseURL == "" && d.Data != "" {
		file, err := os.Stat(filepath.Join(d.Data, store.FileName))
		switch {
		case errors.Is(err, fs.ErrNotExist) || err == nil && file.Size() == 0:
			return nil, fmt.Errorf("no pinhuo database in %s: name its folder with --data (PINHUO_DATA), or make one with `pinhuo admin init`", d.Data)
		case err != nil:
			return nil, fmt.Errorf("open database: %w", err)
		}
	}
	return d.found(ctx)
}

// found opens the database and makes it where there is none.
func (d database) found(ctx context.Context) (*store.Store, error) {
	if d.DatabaseURL == "" && d.Data == "" {
		return nil, errors.New("--data (PINHUO_DATA) is empty: name the folder of the database")
	}
	s, err := store.Open(ctx, store.Config{URL: d.DatabaseURL, Dir: d.Data})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return s, nil
}

// path reads the name of a file or folder; an empty one stays empty and is not
// the folder that the command was started in.
func path(ctx *kong.DecodeContext, target reflect.Value) error {
	var name string
	if err := ctx.Scan.PopValueInto("file", &name); err != nil {
		return err
	}
	if name != "" {
		name = kong.ExpandPath(name)
	}
	target.SetString(name)
	return nil
}

// costs reads the cost file, or the built-in one when path is empty.
func costs(path string) (freight.Costs, error) {
	if path == "" {
		return freight.DefaultCosts(), nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return freight.Costs{}, fmt.Errorf("cost file: %w", err)
	}
	return freight.ParseCosts(text)
}

// truckBans reads a file of truck bans; no file, no bans.
func truckBans(path string) (*freight.BanMap, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--truck-bans (PINHUO_TRUCK_BANS): %w", err)
	}
	bans, err := freight.ParseBans(text)
	if err != nil {
		return nil, fmt.Errorf("--truck-bans (PINHUO_TRUCK_BANS) %s: %w", path, err)
	}
	return bans, nil
}

// wall is the wall clock.
func wall() freight.Instant { return freight.At(time.Now()) }

// minter draws ids from the operating system's randomness.
type minter struct{}

// Mint returns a new id.
func (minter) Mint(prefix string, at freight.Instant) freight.ID {
	var random [10]byte
	rand.Read(random[:]) // never fails: the runtime stops the program instead
	return freight.NewID(prefix, at, random)
}

// logging is how a command logs.
type logging struct {
	LogLevel  slog.Level `help:"Least level that is logged: debug, info, warn or error." default:"info" env:"PINHUO_LOG_LEVEL"`
	LogFormat string     `help:"Form of the log: text or json." default:"text" enum:"text,json" env:"PINHUO_LOG_FORMAT"`
}

func (l logging) logger(io streams) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.LogLevel}
	if l.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(io.err, options))
	}
	return slog.New(slog.NewTextHandler(io.err, options))
}

// holder names this process to a second server that finds the database taken.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return fmt.Sprintf("%s pid %d since %s", host, os.Getpid(), time.Now().UTC().Format(time.RFC3339))
}
