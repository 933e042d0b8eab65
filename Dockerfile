# A small image: one static program and the CAs of the system.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /resetpin .

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /resetpin /resetpin
WORKDIR /data
VOLUME /data
USER 65532:65532
ENV DATABASE_URL=sqlite:/data/resetpin.db LISTEN_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/resetpin"]
CMD ["serve"]
