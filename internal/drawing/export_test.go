package drawing

// Unhurried makes a drawing take all the time that its moves need, so that a busy machine draws the same.
func Unhurried(o Options) Options {
	o.unhurried = true
	return o
}
