package main

import (
	"fmt"

	"pinhuo/api"
)

type openAPICommand struct{}

// Run prints the document that docs/openapi.json holds.
func (openAPICommand) Run(io streams) error {
	document, err := api.Document()
	if err != nil {
		return fmt.Errorf("openapi: %w", err)
	}
	_, err = io.out.Write(document)
	return err
}
