package proof

// For tests: proving in a transaction that spoiled the ground and is rolled back, and the two sessions of a proof.
var (
	Prove     = prove
	JoinTwice = joinTwice
)
