package client

import "context"

// SiteTerms is what an organization says of a place of its own; only it can see them.
type SiteTerms struct {
	Name    string   `json:"name"`
	Place   Place    `json:"place"`
	Contact *Contact `json:"contact,omitempty"`
	Opens   string   `json:"opens,omitempty"` // "08:00", in the market's time zone
	Shuts   string   `json:"shuts,omitempty"`
	Note    string   `json:"note,omitempty"`
}

// Site is a place of one's own that is found by its name.
type Site struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	SiteTerms
}

// Sites lists the organization's own places.
func (c *Client) Sites(ctx context.Context) ([]Site, error) {
	list, err := get[siteList](ctx, c, "/v1/sites", nil, nil)
	return list.Items, err
}

type siteList struct {
	Items []Site `json:"items"`
}

// AddSite adds a place of the organization.
func (c *Client) AddSite(ctx context.Context, terms SiteTerms, opts ...Option) (Site, error) {
	return post[Site](ctx, c, "/v1/sites", terms, opts)
}

// SetSite changes the version named of a place.
func (c *Client) SetSite(ctx context.Context, id string, version int64, terms SiteTerms, opts ...Option) (Site, error) {
	return put[Site](ctx, c, one("sites", id), terms, append(opts, IfMatch(version)))
}

// DropSite forgets a place; loads that were posted from it are not touched.
func (c *Client) DropSite(ctx context.Context, id string, opts ...Option) error {
	_, err := drop[[]byte](ctx, c, one("sites", id), opts)
	return err
}
