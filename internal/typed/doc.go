// Package typed brings what people type into one form, or says what is wrong with it: texts without what isn't seen and could do harm,
// telephone numbers that can be dialled and looked up. It is pure.
package typed
