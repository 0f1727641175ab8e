// Package city generates invented towns: streets, rivers, railways, compounds, old lanes, villages and the
// number of people who live behind every door, written as ordinary import files. Nothing that reads those
// files can tell, or needs to tell, that the town doesn't exist; the manifest beside them says so.
//
// How a town comes about:
//
//	plan.go, cut.go  main lines (arterials, river, railway), then streets, cut the ground into wards (superblocks)
//	zone.go          what each ward becomes: old quarter, compounds, new towers, works, fields, villages …
//	parcel.go        wards are cut into parcels; gate.go, lane.go: every junction is known before anything is built
//	build.go         each ward is built by itself, in parallel: compound.go and row.go, shop.go, courtyard.go,
//	                 civic.go, school.go, works.go
//	community.go     wards are joined to communities, outline.go: their borders are the lines that were cut
//	people.go        the residents are apportioned to entrances and houses, exactly
//	write.go         the files, one feature a line; layer.go: which features with which tags
//
// The plan is drawn in a plane of straight lines (u, v in metres) and bent into the real one (x east, y north)
// by a smooth map (terrain.go): that is what makes streets curve and the embankment follow the river. Every
// line has one list of stations (net.go), from which streets, borders and compounds all take their vertices,
// so what touches shares its vertices exactly.
//
// All chance comes from the seed through dice that are keyed by what they decide about, never by the order
// in which they are thrown; so the same seed gives the same bytes on any number of cores (of one kind:
// where a processor fuses multiplication and addition, a last decimal may differ).
//
// A county is 邹城市 with its real codes, names and outline (geodata/zoucheng) and invented ground:
//
//	county.go        the steps; seats.go: the towns; settlement.go: where the villages stand
//	site.go          what a town's plan is told about the place it is made for
//	relief.go        plain and hills; mesh.go: the pattern of the fields; fields.go: what grows on them
//	territory.go     where the villages of each town lie; allot.go: whose each field is; partition.go: all borders
//	street.go        the three streets of the county seat
//	course.go        rivers and the railway; road.go: the roads between villages and towns
//	hamlet.go        a village; pattern.go: its kind and outline; homestead.go, oldcore.go: its rows, lanes and core
//	villagebuild.go  its courtyards, shops and committee; hull.go, outskirts.go: its ground and what lies at its edge
//	facility.go      clinics, canteens, police posts, cameras, hydrants
//	countywrite.go   all of it to the files; places.go: place by place
//
// Buildings hold numbers of residents. Who they are is drawn from the same dice, keyed by building and home, and made only for who asks:
//
//	register.go      houses, residents, organisations and vehicles, and who takes them (People, Register)
//	registrar.go     the census is taken when somebody takes it, or the files are wanted; peoplefiles.go: the files
//	census.go        building by building: which homes there are and how many live in each; address.go: what they are called
//	family.go        who makes up a household, so that ages fit (ages.go); relation.go: what they are to its head
//	household.go     families become rows: owners, tenants, who left, who came; stay.go: since when; label.go: what is particular
//	issue.go         numbers of people, telephones and cars that are nobody's; lists.go: what people are called
//	organisation.go  shops, works, schools; cars
//
// Numbers of people and telephones are given out in the order of the buildings: of each place one after the other, on one core. Each town and
// village of a county has a seed of its own.
package city
