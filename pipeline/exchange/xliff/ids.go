package xliff

import (
	"errors"
	"fmt"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
)

// checkLocales finds locales that no XLIFF file can name.
func checkLocales(h *exchange.Header) error {
	switch {
	case h == nil:
		return errors.New("xliff: a unit without a header")
	case !ns.IsLanguage(h.SourceLocale):
		return fmt.Errorf("xliff: %s: source locale %q is not a BCP 47 tag", h.Path, h.SourceLocale)
	case h.TargetLocale != "" && !ns.IsLanguage(h.TargetLocale):
		return fmt.Errorf("xliff: %s: target locale %q is not a BCP 47 tag", h.Path, h.TargetLocale)
	}
	return nil
}
