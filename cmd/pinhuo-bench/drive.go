package main

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"pinhuo/freight"
)

// drive lets callers call, each again as soon as it has its answer.
type drive struct {
	callers int
	length  time.Duration
	call    func(ctx context.Context, n int64) (freight.ID, error) // the n-th; returns the load it made

	next, done atomic.Int64
	acked      []freight.ID  // of the loads
	rate       float64       // answers a second, after the warm-up
	cpu        time.Duration // of this process, for one answer
	batch      float64       // commands a round, where the writer is our own
}

func (d *drive) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	lists := make([][]freight.ID, d.callers)
	var callers errgroup.Group
	for i := range d.callers {
		callers.Go(func() error {
			for ctx.Err() == nil {
				id, err := d.call(context.WithoutCancel(ctx), d.next.Add(1))
				if err != nil {
					stop()
					return fmt.Errorf("post: %w", err)
				}
				lists[i] = append(lists[i], id)
				d.done.Add(1)
			}
			return nil
		})
	}
	d.measure(ctx)
	stop()
	err := callers.Wait()
	d.acked = slices.Concat(lists...)
	return err
}

// measure waits for the warm-up and then for the run, and counts.
func (d *drive) measure(ctx context.Context) {
	pause(ctx, d.length/warmShare)
	began, used, before := time.Now(), processTime(), d.done.Load()
	pause(ctx, d.length)
	done := d.done.Load() - before
	d.rate = float64(done) / time.Since(began).Seconds()
	d.cpu = (processTime() - used) / time.Duration(max(done, 1))
}

// processTime is what this process has had of the processors: on a busy machine
// it says more than the clock.
func processTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // fails for a bad address only
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// pause waits, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// paced makes so many calls, each at its due time whether or not earlier ones are answered:
// a call that is late because the machine was busy is as late as its due time says.
func paced(ctx context.Context, calls, perSecond int, call func(ctx context.Context, n int, due time.Time) error) error {
	group, running := errgroup.WithContext(ctx)
	began := time.Now()
	for n := range calls {
		due := began.Add(time.Duration(n) * time.Second / time.Duration(perSecond))
		pause(running, time.Until(due))
		if running.Err() != nil {
			break
		}
		group.Go(func() error { return call(running, n, due) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}
