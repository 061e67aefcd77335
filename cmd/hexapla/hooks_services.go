package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/report"
)

// openEngines opens the project with its engines, of which there must be one.
func openEngines(ctx context.Context, e *environment) (*workspace.Workspace, error) {
	w, err := e.open(ctx, workspace.Options{Engines: true})
	if err == nil && w.Chain() == nil {
		return nil, errors.Join(exit.Usagef("the project has no [[hook]]"), w.Close())
	}
	return w, err
}

// languagesJSON is what one engine serves.
type languagesJSON struct {
	Engine    string              `json:"engine"`
	Languages map[string][]string `json:"languages,omitempty"` // targets by source, in the codes of the engine
	Error     string              `json:"error,omitempty"`
}

func runHooksLanguages(ctx context.Context, e *environment, json bool) (err error) {
	w, err := openEngines(ctx, e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
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

	// What all builds of the project used in the period of the engine's limit.
	Spent    *hook.Spending `json:"spent,omitempty"`
	Period   string         `json:"period,omitempty"` // "day", "month" or "ever"
	Chars    int            `json:"charsLimit,omitempty"`
	Tokens   int            `json:"tokensLimit,omitempty"`
	Cost     float64        `json:"costLimit,omitempty"`
	Currency string         `json:"currency,omitempty"`
}

// spent adds what the project's builds used.
func (q *quotaJSON) spent(ctx context.Context, e hook.SingleEngine) error {
	s, limit, price, err := e.Spent(ctx)
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	q.Spent, q.Period, q.Currency = &s, cmp.Or(limit.Period, "month"), price.Currency
	q.Chars, q.Tokens, q.Cost = limit.Chars, limit.Tokens, limit.Cost
	return err
}

// spentText describes the use by the project for people.
func (q *quotaJSON) spentText() string {
	amount := func(used, limit, unit string) string {
		if limit != "" {
			used += " of " + limit
		}
		return used + " " + unit
	}
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	parts := []string{amount(strconv.Itoa(q.Spent.Chars), number(q.Chars), "characters")}
	if n := q.Spent.InputTokens + q.Spent.OutputTokens; n > 0 || q.Tokens > 0 {
		parts = append(parts, amount(strconv.Itoa(n), number(q.Tokens), "tokens"))
	}
	if q.Spent.Cost > 0 || q.Cost > 0 {
		limit := ""
		if q.Cost > 0 {
			limit = hook.FormatCost(q.Cost)
		}
		parts = append(parts, strings.TrimSpace(amount(hook.FormatCost(q.Spent.Cost), limit, q.Currency)))
	}
	period := map[string]string{"day": "today", "month": "this month", "ever": "in all"}[q.Period]
	return "this project, " + period + ": " + strings.Join(parts, ", ")
}

func runHooksQuota(ctx context.Context, e *environment, json bool) (err error) {
	w, err := openEngines(ctx, e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
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
		if err := q.spent(ctx, engine); err != nil {
			return err
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
			if q.Spent != nil {
				if _, err = fmt.Fprintf(e.Out, "%s\t%s\n", q.Engine, q.spentText()); err != nil {
					break
				}
			}
		}
	}
	if err == nil && failed {
		return exit.ErrFindings
	}
	return err
}
