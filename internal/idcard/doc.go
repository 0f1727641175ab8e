// Package idcard reads and makes the citizen identification number (公民身份号码) of GB 11643-1999: division 6, date of birth 8, sequence 3
// (odd for men, even for women), and a check character by ISO 7064 MOD 11-2. It is pure: whether a date of birth lies in the future is
// the caller's to say.
//
// Numbers under the first-level code 79 belong to invented people. GB/T 2260 gives the first digit of a code to a part of the country: 1 to 6,
// 7 to Taiwan (71), 8 to Hong Kong and Macao (81, 82; 83 stands on residence permits of people from Taiwan); permits of foreigners begin
// with 9 since 2023. In no edition since 1980 has there been a 72 to 79, and a new province would get a code of its own part of the country,
// while part 7 is one province. So a number under 79 can be checked like any other and is nobody's.
package idcard
