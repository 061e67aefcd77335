package xliff

import (
	"testing"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
)

func TestCodec(t *testing.T) {
	for _, version := range Codec.Versions {
		t.Run(version, func(t *testing.T) {
			exchangetest.Test(t, Codec, exchange.Options{Version: version}, func(*exchange.Unit) {})
		})
	}
	t.Run("omegat", func(t *testing.T) {
		exchangetest.Test(t, Codec, exchange.Options{Version: "1.2", Flavor: FlavorOmegaT}, func(*exchange.Unit) {})
	})
}
