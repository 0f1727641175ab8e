package mask

// Name is a person's name as lists of many show it: the first character, and the last of three or more.
func Name(name string) string {
	r := []rune(name)
	for i := 1; i < len(r); i++ {
		if i < len(r)-1 || len(r) == 2 {
			r[i] = '*'
		}
	}
	return string(r)
}
