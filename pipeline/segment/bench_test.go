package segment

import (
	"strings"
	"testing"
)

func BenchmarkCompile(b *testing.B) {
	for _, l := range []string{"en"} {
		b.Run(l, func(b *testing.B) {
			for range b.N {
				Default().For(l)
			}
		})
	}
}

func BenchmarkCuts(b *testing.B) {
	text := strings.Repeat(`Reuters reported on September 9 that Microsoft had alerted one of Biden's main election-campaign advisory firms that it had been targeted by suspected Russian state-backed hackers. The Kremlin called the report "nonsense". Microsoft said two weeks ago that hackers linked to Russia, China, and Iran were trying to spy on people tied to both Trump and Biden in the U.S. presidential election. Russia and China dismissed the allegations. `, 1000)
	b.Run("en", func(b *testing.B) {
		s := Default().For("en")
		b.SetBytes(int64(len(text)))
		s.Cuts(text)
		b.ResetTimer()
		for range b.N {
			s.Cuts(text)
		}
	})
}
