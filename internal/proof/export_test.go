package proof

// Prove is prove, for tests that spoil the ground in a transaction and roll it back.
var Prove = prove
