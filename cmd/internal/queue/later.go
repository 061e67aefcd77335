package queue

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Workers of several releases may work side by side while machines are updated one after
// another. What a worker does not know is not its own: a job whose arguments have a member
// that it has never heard of, or that is a command that it does not have, is left to a
// newer one. It fails nobody, and no attempt is counted. A kind of job that is new gets
// a queue of its own, which older workers do not look at.

// leaveFor is how long a job that was left is not tried by any worker.
const leaveFor = 2 * time.Second

// reasonKey is the key, in the metadata of a job, of the reason why it waits.
const reasonKey = "hexapla:waits"

// knownArgs reports whether a job's arguments are those that this release knows.
func knownArgs(job *rivertype.JobRow) bool {
	var args any
	switch job.Kind {
	case BuildArgs{}.Kind():
		args = &BuildArgs{}
	case articleArgs{}.Kind():
		args = &articleArgs{}
	case CommandArgs{}.Kind():
		args = &CommandArgs{}
	default:
		return true // River's own
	}
	d := json.NewDecoder(bytes.NewReader(job.EncodedArgs))
	d.DisallowUnknownFields()
	if d.Decode(args) != nil {
		return false
	}
	c, ok := args.(*CommandArgs)
	return !ok || len(c.Command) > 0 && slices.Contains(Commands, c.Command[0])
}

// leaveNewer leaves jobs of newer releases to their workers.
func (w *Worker) leaveNewer(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	if knownArgs(job) {
		return w.trace(ctx, job, work)
	}
	w.o.Log.WarnContext(ctx, "a job is left to a worker of a newer release", "job", job.ID, "kind", job.Kind)
	if err := river.MetadataSet(ctx, reasonKey, reason{Newer: true}); err != nil {
		return err
	}
	return river.JobSnooze(leaveFor)
}

// reason is why a job waits: for a newer worker, or for another job.
type reason struct {
	Newer bool  `json:"newer,omitempty"`
	For   int64 `json:"for,omitempty"`
}
