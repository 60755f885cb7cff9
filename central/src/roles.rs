//! 役割: what a console account may do. Which role may ask for what stands in `routes`.
//!
//! Must not: hold a municipality role without its municipality, or another role with one.

use std::{fmt, str::FromStr};

use record::MunicipalityCode;

/// 役割 of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// 支援窓口: helps the sites; sees no person.
    Support,
    /// 市区町村の担当者: sees and decides what belongs to the municipality.
    MunicipalityStaff(MunicipalityCode),
    /// 市区町村の承認者: may do what its staff may.
    MunicipalityApprover(MunicipalityCode),
    /// 国の管理者: keeps accounts; sees no person.
    NationalAdministrator,
}

/// A role without its municipality. Text: `support`, `municipality_staff`, `municipality_approver`,
/// `national_administrator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoleKind {
    /// 支援窓口.
    Support,
    /// 市区町村の担当者.
    MunicipalityStaff,
    /// 市区町村の承認者.
    MunicipalityApprover,
    /// 国の管理者.
    NationalAdministrator,
}

/// Role and municipality do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoleError {
    /// No such role.
    #[error("not a role: support, municipality_staff, municipality_approver or national_administrator")]
    Unknown,
    /// A municipality role belongs to one municipality.
    #[error("this role needs the code of its municipality")]
    NoMunicipality,
    /// The other roles belong to none.
    #[error("this role belongs to no municipality")]
    Municipality,
}

impl RoleKind {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Support, Self::MunicipalityStaff, Self::MunicipalityApprover, Self::NationalAdministrator];

    fn text(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::MunicipalityStaff => "municipality_staff",
            Self::MunicipalityApprover => "municipality_approver",
            Self::NationalAdministrator => "national_administrator",
        }
    }
}

impl Role {
    /// The role of that kind.
    ///
    /// # Errors
    /// [`RoleError::NoMunicipality`] or [`RoleError::Municipality`].
    pub fn new(kind: RoleKind, municipality: Option<MunicipalityCode>) -> Result<Self, RoleError> {
        match (kind, municipality) {
            (RoleKind::Support, None) => Ok(Self::Support),
            (RoleKind::NationalAdministrator, None) => Ok(Self::NationalAdministrator),
            (RoleKind::Support | RoleKind::NationalAdministrator, Some(_)) => Err(RoleError::Municipality),
            (RoleKind::MunicipalityStaff, Some(code)) => Ok(Self::MunicipalityStaff(code)),
            (RoleKind::MunicipalityApprover, Some(code)) => Ok(Self::MunicipalityApprover(code)),
            (RoleKind::MunicipalityStaff | RoleKind::MunicipalityApprover, None) => {
                Err(RoleError::NoMunicipality)
            }
        }
    }

    /// Without its municipality.
    #[must_use]
    pub fn kind(self) -> RoleKind {
        match self {
            Self::Support => RoleKind::Support,
            Self::MunicipalityStaff(_) => RoleKind::MunicipalityStaff,
            Self::MunicipalityApprover(_) => RoleKind::MunicipalityApprover,
            Self::NationalAdministrator => RoleKind::NationalAdministrator,
        }
    }

    /// The municipality it belongs to.
    #[must_use]
    pub fn municipality(self) -> Option<MunicipalityCode> {
        match self {
            Self::MunicipalityStaff(code) | Self::MunicipalityApprover(code) => Some(code),
            Self::Support | Self::NationalAdministrator => None,
        }
    }
}

impl fmt::Display for RoleKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text())
    }
}
impl FromStr for RoleKind {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|kind| kind.text() == text).ok_or(RoleError::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_role_has_its_municipality_and_no_other_role_has_one() {
        let shibuya = Some("131130".parse().unwrap());
        for kind in RoleKind::ALL {
            assert_eq!(kind.to_string().parse::<RoleKind>(), Ok(kind));
            let belongs = matches!(kind, RoleKind::MunicipalityStaff | RoleKind::MunicipalityApprover);
            let (with, without) = (Role::new(kind, shibuya), Role::new(kind, None));
            assert_eq!((with.is_ok(), without.is_ok()), (belongs, !belongs), "{kind}");
            let role = with.or(without).unwrap();
            assert_eq!(Role::new(role.kind(), role.municipality()), Ok(role));
        }
        assert_eq!("administrator".parse::<RoleKind>(), Err(RoleError::Unknown));
    }
}
