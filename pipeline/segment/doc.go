// Package segment cuts text into sentences by SRX 2.0 rules
// (https://www.gala-global.org/srx-20-april-7-2008). Hexapla's own rules are SRX
// files in the folder rules, one per language; users bring theirs through Parse.
package segment
