package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/report"
)

// languagesJSON is what one engine serves.
type languagesJSON struct {
	Engine    string              `json:"engine"`
	Languages map[string][]string `json:"languages,omitempty"` // targets by source, in the codes of the engine
	Error     string              `json:"error,omitempty"`
}

func runHooksLanguages(ctx context.Context, e *environment, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{Engines: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if w.Hook == nil {
		return exit.Usagef("the project has no [[hook]]")
	}
	list := []languagesJSON{}
	failed := false
	for _, engine := range w.Chain().Engines() {
		r := languagesJSON{Engine: engine.Name()}
		r.Languages, err = engine.Languages(ctx)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			r.Error = "the engine has no list of languages"
		case err != nil:
			r.Error, failed = err.Error(), true
		}
		list = append(list, r)
	}
	err = nil
	if json {
		err = e.JSON(list)
	} else {
		for _, r := range list {
			if r.Error != "" {
				fmt.Fprintf(e.Out, "%s\t%s\n", r.Engine, report.Visible(r.Error))
			}
			for _, source := range slices.Sorted(maps.Keys(r.Languages)) {
				fmt.Fprintf(e.Out, "%s\t%s → %s\n", r.Engine, report.Visible(source), report.Visible(strings.Join(r.Languages[source], " ")))
			}
		}
	}
	if err == nil && failed {
		return exit.ErrFindings
	}
	return err
}

// quotaJSON is what the account of one engine has used, in characters.
type quotaJSON struct {
	Engine string `json:"engine"`
	Used   int64  `json:"used"`
	Limit  int64  `json:"limit,omitempty"`
	Error  string `json:"error,omitempty"`
}

func runHooksQuota(ctx context.Context, e *environment, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{Engines: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if w.Hook == nil {
		return exit.Usagef("the project has no [[hook]]")
	}
	list := []quotaJSON{}
	failed := false
	for _, engine := range w.Chain().Engines() {
		q := quotaJSON{Engine: engine.Name()}
		var err error
		q.Used, q.Limit, err = engine.Quota(ctx)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			q.Error = "the service does not report a quota"
		case err != nil:
			q.Error, failed = err.Error(), true
		}
		list = append(list, q)
	}
	if json {
		err = e.JSON(list)
	} else {
		for _, q := range list {
			line := fmt.Sprintf("%d of %d characters", q.Used, q.Limit)
			if q.Error != "" {
				line = q.Error
			}
			if _, err = fmt.Fprintf(e.Out, "%s\t%s\n", q.Engine, report.Visible(line)); err != nil {
				break
			}
		}
	}
	if err == nil && failed {
		return exit.ErrFindings
	}
	return err
}
