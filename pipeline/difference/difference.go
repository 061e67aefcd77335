// Package difference compares two sequences: the characters or the words of two texts.
package difference

// Change is a part of the old sequence, [From, To), in whose place the new one has
// [NewFrom, NewTo). One of both parts may be empty.
type Change struct {
	From, To       int
	NewFrom, NewTo int
}

// Of returns the fewest changes that make b of a, in order, by a longest common
// subsequence of what is between their common beginning and end. Where one of these
// parts has more than limit elements, it is one change: time and memory grow with the
// product of both lengths.
func Of[T comparable](a, b []T, limit int) []Change {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x) == 0 && len(y) == 0 {
		return nil
	}
	if len(x) == 0 || len(y) == 0 || len(x) > limit || len(y) > limit {
		return []Change{{head, head + len(x), head, head + len(y)}}
	}
	// length[i*width+j] is that of the longest common subsequence of x[i:] and y[j:].
	width := len(y) + 1
	length := make([]int32, (len(x)+1)*width)
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	var out []Change
	for i, j := 0, 0; i < len(x) || j < len(y); {
		if i < len(x) && j < len(y) && x[i] == y[j] {
			i, j = i+1, j+1
			continue
		}
		c := Change{From: head + i, NewFrom: head + j}
		for (i < len(x) || j < len(y)) && !(i < len(x) && j < len(y) && x[i] == y[j]) {
			if j < len(y) && (i == len(x) || length[i*width+j+1] >= length[(i+1)*width+j]) {
				j++
			} else {
				i++
			}
		}
		c.To, c.NewTo = head+i, head+j
		out = append(out, c)
	}
	return out
}
