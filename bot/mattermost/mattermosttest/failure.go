package mattermosttest

import (
	"fmt"
	"net/http"
)

// Failure is an error answer of the server.
type Failure struct {
	Status  int    // HTTP
	ID      string // the server's name of the error
	Message string // what people are shown
	Detail  string
}

// Error gives the status, the name and the words.
func (f *Failure) Error() string {
	return fmt.Sprintf("answered %d (%s): %s %s", f.Status, f.ID, f.Message, f.Detail)
}

func fail(status int, id, message string) *Failure {
	return &Failure{Status: status, ID: id, Message: message}
}

func (f *Failure) because(format string, args ...any) *Failure {
	f.Detail = fmt.Sprintf(format, args...)
	return f
}

// wireFailure is the body of every error answer.
type wireFailure struct {
	ID        string `json:"id"`
	Message   string `json:"message"`
	Detail    string `json:"detailed_error"`
	RequestID string `json:"request_id,omitempty"`
	Status    int    `json:"status_code"`
}

func invalidBody(name string) *Failure {
	return fail(http.StatusBadRequest, "api.context.invalid_body_param.app_error", "Invalid or missing "+name+" in request body.")
}

func invalidURL(name string) *Failure {
	return fail(http.StatusBadRequest, "api.context.invalid_url_param.app_error", "Invalid or missing "+name+" parameter in request URL.")
}

func noPage(path string) *Failure {
	return fail(http.StatusNotFound, "api.context.404.app_error", "Sorry, we could not find the page.").
		because("There doesn't appear to be an api call for the url='%s'.  Typo? are you missing a team_id or user_id as part of the url?", path)
}

func expired(detail string) *Failure {
	return fail(http.StatusUnauthorized, "api.context.session_expired.app_error", "Invalid or expired session, please login again.").because("%s", detail)
}

func denied(user, permission string) *Failure {
	return fail(http.StatusForbidden, "api.context.permissions.app_error", "You do not have the appropriate permissions.").
		because("userId=%s, permission=%s", user, permission)
}

func notFound(id, message, kind, key string) *Failure {
	return fail(http.StatusNotFound, id, message).because("resource \"%s\" not found, id: %s", kind, key)
}

func noPost(id string) *Failure {
	return notFound("app.post.get.app_error", "Unable to get the post.", "Post", id)
}

func noUser(id string) *Failure {
	return notFound("app.user.missing_account.const", "Unable to find the user.", "User", id)
}

func noChannel(id string) *Failure {
	return notFound("app.channel.get.existing.app_error", "Unable to find the existing channel .", "Channel", id)
}
