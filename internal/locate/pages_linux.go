package locate

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size of a large page of memory, in bytes.
const hugePage = 2 << 20

// inLargePages asks for the memory of a list in large pages, if the system has them: a question jumps about in a hundred megabytes, and half
// of its time it waits for the translation of addresses. What can't be had is done without.
func inLargePages[T any](list []T) {
	var one T
	begin := uintptr(unsafe.Pointer(unsafe.SliceData(list)))
	end := begin + uintptr(len(list))*unsafe.Sizeof(one)
	first, last := (begin+hugePage-1)&^(hugePage-1), end&^(hugePage-1)
	if first >= last {
		return
	}
	// The pages that lie wholly within the list.
	whole := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(list)), first-begin)), last-first)
	_ = unix.Madvise(whole, unix.MADV_COLLAPSE)
}
