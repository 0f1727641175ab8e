// Package crs turns positions of the systems used in China into one another: WGS 84 and CGCS2000, which are the
// same to within centimetres; GCJ-02, which maps sold in China show; BD-09, which Baidu's show. And it projects them
// into the plane in which lengths and areas are measured, CGCS2000's 3-degree Gauss-Krüger zones.
//
// Positions are degrees, longitude first. Which system a position is in can't be told from it: a caller must know.
package crs
