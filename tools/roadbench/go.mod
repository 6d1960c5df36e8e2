// A module of its own: what routes are timed against stays out of the program.
module roadbench

go 1.26.0

require (
	github.com/LdDl/ch v1.10.0
	pinhuo v0.0.0
)

require (
	github.com/DataDog/czlib v0.0.0-20240814115052-86a9592b3985 // indirect
	github.com/paulmach/orb v0.13.0 // indirect
	github.com/paulmach/osm v0.9.0 // indirect
	github.com/paulmach/protoscan v0.2.1 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	github.com/uber/h3-go/v4 v4.5.0 // indirect
	go.mongodb.org/mongo-driver/v2 v2.5.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace pinhuo => ../..
