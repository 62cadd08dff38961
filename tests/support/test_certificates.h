#pragma once

// Public certificates made for tests; the keys to them were thrown away.
namespace baseline::test {

// CN=kubernetes, a CA on P-256, valid from 2026-11-24T06:13:47Z to 2126-10-31T06:13:47Z.
inline constexpr const char* kCaCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBgTCCASegAwIBAgIUA52SnF3+hdzFksPTkyIq6VZuFVMwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjQwNjEzNDdaGA8yMTI2MTAz
MTA2MTM0N1owFTETMBEGA1UEAwwKa3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABCkVngqphLFQZjinb9ahMzKFQA5d9rSFy/7wgiO+Iu08DqW9khOB
YqDuLgmM78DtU21Kun4at/uq2IVBRh0SOlajUzBRMB0GA1UdDgQWBBTZfNt3c+cO
oHpbpol/RGZLWxzPYjAfBgNVHSMEGDAWgBTZfNt3c+cOoHpbpol/RGZLWxzPYjAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIAjR/uXh1F7fPamrG+o7
vHUOMQdTycJPrwiQ72OX2QPCAiEApRw4uGM52fG7ybM1BuzWvh1yRaIgIsQL5lAf
nsBcZUk=
-----END CERTIFICATE-----
)";
inline constexpr const char* kCaSha256 = "58dab2d3b42591cce0dbcf4577e86fdb794292635272fd914a518b2cab184d97";

// O=system:masters, CN=kube-apiserver, issued by the CA above, no CA itself, valid to 2125-06-18T06:13:47Z.
inline constexpr const char* kServerCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBQzCB6gIUBLsEAY+5g6iEoWcGw/Uz0k3QGk4wCgYIKoZIzj0EAwIwFTETMBEG
A1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjQwNjEzNDdaGA8yMTI1MDYxODA2MTM0
N1owMjEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxFzAVBgNVBAMMDmt1YmUtYXBp
c2VydmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEuIzyi8Fh+af0TW3vMdzy
gW0fV7AhvwSt1jlosQAw9z5+tRbtHIWzOPPW7fxLP9qbnBfg4765yGRoA2Kfe0/E
uDAKBggqhkjOPQQDAgNIADBFAiEA3hLXc/8KC0O6WqzdVE20jDxCJSw5ZBsCcLGX
cX5jOkACICG60EIshhKQhZzcIXd6icBcLUTuxBMkWFYTwzAJG0hw
-----END CERTIFICATE-----
)";

// On Ed25519, a kind of key that the collector does not read.
inline constexpr const char* kEd25519Certificate = R"(-----BEGIN CERTIFICATE-----
MIIBOjCB7aADAgECAhR5uO3Qng9/P14V58zLc8gJNKyURzAFBgMrZXAwEjEQMA4G
A1UEAwwHZWR3YXJkczAgFw0yNjExMjQwNjEzNDdaGA8yMTI2MTAzMTA2MTM0N1ow
EjEQMA4GA1UEAwwHZWR3YXJkczAqMAUGAytlcAMhAMISMCxJKn0t8MZW/c8rwwXt
VZnE1YnfEKE6g9h9nm0Co1MwUTAdBgNVHQ4EFgQUSIaed318SKGL1FYpBm2h9Mui
RxcwHwYDVR0jBBgwFoAUSIaed318SKGL1FYpBm2h9MuiRxcwDwYDVR0TAQH/BAUw
AwEB/zAFBgMrZXADQQAN4Qz5IMLdVMy5XRHo+NQDO8b86pIE3XDcpAuyve2UwGsx
MnbxtwptZHnCPy6jLYEzrnrx4M9itG0k0pYoNfYD
-----END CERTIFICATE-----
)";
inline constexpr const char* kEd25519Sha256 =
    "a6748d1e619df9895db58f983a1084f67b66ea3ce3a74c2476b8c01505bf3f62";

}  // namespace baseline::test
