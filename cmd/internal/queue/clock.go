package queue

import (
	"sync/atomic"
	"time"
)

// serverClock has the time of the database's server, as far as a worker knows it.
// Machines whose clocks differ must agree on when a job is to be tried again, and which
// pages are to be published by now. River takes a clock only as one for tests; it is the
// one way to have it use the server's.
type serverClock struct {
	machine func() time.Time // of this machine
	ahead   atomic.Int64     // by how many nanoseconds the server's clock is ahead
	known   atomic.Bool
}

// set notes the server's answer to a question that was asked at a time of the machine.
// An answer that took long says little of when the server gave it.
func (c *serverClock) set(server, asked time.Time) {
	took := c.machine().Sub(asked)
	if c.known.Load() && took > time.Second {
		return
	}
	c.ahead.Store(int64(server.Sub(asked.Add(took / 2))))
	c.known.Store(true)
}

// Now implements rivertype.TimeGenerator.
func (c *serverClock) Now() time.Time { return c.machine().Add(time.Duration(c.ahead.Load())) }

// NowOrNil implements rivertype.TimeGenerator. With nil, River would give new jobs the
// time of this machine.
func (c *serverClock) NowOrNil() *time.Time {
	now := c.Now().UTC()
	return &now
}
