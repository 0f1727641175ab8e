package mask

import "strings"

// Plate is a vehicle's plate as lists show it: where it was given out, and the last two signs.
func Plate(plate string) string {
	r := []rune(plate)
	if len(r) < 6 {
		return strings.Repeat(string(star), len(r))
	}
	return string(r[:2]) + strings.Repeat(string(star), len(r)-4) + string(r[len(r)-2:])
}
