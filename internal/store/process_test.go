package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/store"
	"pinhuo/internal/store/conformance"
)

// envHolder makes the test binary a server that takes a market and then waits
// to be killed. It holds the database's URL or folder and the market.
const envHolder = "PINHUO_TEST_STORE_HOLDER"

func TestMain(m *testing.M) {
	if place := os.Getenv(envHolder); place != "" {
		if err := hold(place); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func hold(place string) error {
	database, market, _ := strings.Cut(place, "\n")
	cfg := store.Config{URL: database}
	if strings.HasPrefix(database, "/") {
		cfg = store.Config{Dir: database}
	}
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		return err
	}
	if _, err := s.Acquire(context.Background(), freight.ID(market), "the other process"); err != nil {
		return err
	}
	fmt.Println("held")
	select {}
}

// TestDeadHolderNeverBlocks kills a process that holds a market: while it lives
// others are refused with its name, and right after its death they are not.
func TestDeadHolderNeverBlocks(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { deadHolder(t, store.Config{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { deadHolder(t, store.Config{URL: pgtest.URL(t)}) })
}

func deadHolder(t *testing.T, cfg store.Config) {
	w := conformance.NewWorld(t, cfg)
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.HandOver = 50 * time.Millisecond
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	holder := exec.Command(self)
	holder.Env = append(os.Environ(), envHolder+"="+cfg.URL+cfg.Dir+"\n"+string(w.Market.ID))
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = holder.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "held\n" {
		t.Fatalf("the other process said %q: %v", line, err)
	}
	w.Store = conformance.Open(t, cfg)
	_, err = w.Store.Acquire(t.Context(), w.Market.ID, "this process")
	if held, ok := errors.AsType[*store.HeldError](err); !ok || held.Holder != "the other process" {
		t.Fatalf("acquire beside a living holder: %v", err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait() // it was killed, and says so
	cfg.HandOver = 10 * time.Second
	w.Store = conformance.Open(t, cfg)
	before := w.State.Epoch
	if state := w.Acquire("this process"); state.Epoch != before+2 {
		t.Fatalf("epoch %d after %d and one other holder", state.Epoch, before)
	}
}
